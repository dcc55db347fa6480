import Reporting
import Testing

@Suite struct FormatTests {
  @Test func countsHaveTheirNouns() {
    #expect(Format.count(1, "post", "posts") == "1 post")
    #expect(Format.count(0, "post", "posts") == "0 posts")
    #expect(Format.count(1200, "post", "posts") == "1,200 posts")
  }

  @Test func countsHaveGroups() {
    #expect(
      [0, 999, 1000, 1_234_567, -1000].map(Format.count) == ["0", "999", "1,000", "1,234,567", "−1,000"])
  }

  @Test func decimalsAreFixed() {
    #expect(Format.decimal(0.12345, 3) == "0.123")
    #expect(Format.decimal(-0.0625, 3) == "−0.063")
    #expect(Format.decimal(-0.0001, 3) == "0.000")
    #expect(Format.decimal(1234.5, 1) == "1,234.5")
    #expect(Format.decimal(0.999, 1) == "1.0")
    #expect(Format.decimal(.nan, 2) == "–")
    #expect(Format.decimal(1e300, 2) == "–")
  }

  @Test func sharesNeverSayAllOrNothingUnlessItIs() {
    #expect(Format.share(1, of: 3) == "33.3 %")
    #expect(Format.share(0, of: 3) == "0.0 %")
    #expect(Format.share(3, of: 3) == "100.0 %")
    #expect(Format.share(1, of: 1_000_000) == "<0.1 %")
    #expect(Format.share(999_999, of: 1_000_000) == ">99.9 %")
    #expect(Format.share(1, of: 0) == "–")
  }

  @Test func compactCountsAreShort() {
    #expect(
      [7, 999, 1000, 9949, 9950, 123_456, 999_600, 2_000_000].map(Format.compact) == [
        "7", "999", "1.0k", "9.9k", "10k", "123k", "1.0M", "2.0M",
      ])
  }
}
