import Bytes
import Results
import Testing

@Suite struct DisplayTextTests {
  @Test func controlsAndDirectionMarksAreEscaped() {
    #expect(DisplayText.line("a\nb\tc\r") == "a\\nb\\tc\\r")
    #expect(DisplayText.line("\0\u{1B}[31m") == "\\u{0}\\u{1B}[31m")
    #expect(DisplayText.line("a\u{202E}b\u{2066}c") == "a\\u{202E}b\\u{2066}c")
    #expect(DisplayText.line("\u{2028}\u{FEFF}\u{FFFF}\u{E0041}") == "\\u{2028}\\u{FEFF}\\u{FFFF}\\u{E0041}")
  }

  @Test func otherTextStays() {
    let text = "<b>&amp; مرحبا 漢字 👩‍👩‍👧‍👦 e\u{301} \u{E000}"
    #expect(DisplayText.sentence(text).utf8.elementsEqual(text.utf8))
    let plain = text.replacing("مرحبا", with: "hello")
    #expect(DisplayText.line(plain).utf8.elementsEqual(plain.utf8))
  }

  @Test func aRightToLeftNameIsIsolatedOnceAndClosedWhereItIsCut() {
    let line = DisplayText.line("ساخر")
    #expect(line == "\u{2068}ساخر\u{2069}" && DisplayText.line(line) == line)
    #expect(DisplayText.sentence("\(line)  →  \(DisplayText.line("صادق"))") == "\(line)  →  \u{2068}صادق\u{2069}")
    #expect(DisplayText.line("ساخر جداً", limit: 4) == "\u{2068}ساخر…\u{2069}")
    #expect(DisplayText.line(line, limit: 3) == "\u{2068}سا…\u{2069}")
    // Marks from outside that would turn others are seen.
    #expect(DisplayText.line("ساخر\u{2069}\u{202E}") == "\u{2068}ساخر\\u{2069}\\u{202E}\u{2069}")
  }

  @Test func longTextIsCut() {
    #expect(DisplayText.line(String(repeating: "x", count: 11), limit: 10) == "xxxxxxxxxx…")
    #expect(DisplayText.line(String(repeating: "x", count: 10), limit: 10) == "xxxxxxxxxx")
    #expect(DisplayText.line("Z" + String(repeating: "\u{301}", count: 100_000)).unicodeScalars.count == 401)
  }
}

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

  @Test func onlyExactSharesAreZeroOrHundredPercent() {
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

@Suite struct TimestampTests {
  @Test func onlyPlainTimesPass() {
    #expect(Timestamp.checked("2026-01-31T12:00:00Z") == "2026-01-31T12:00:00Z")
    for text in [
      "", "yesterday", "2026-01-31T12:00:00", "2026-01-31T12:00:00Z ", "2026-01-31 12:00:00Z",
      "२०26-01-31T12:00:00Z",
    ] {
      #expect(Timestamp.checked(text) == "1970-01-01T00:00:00Z")
    }
  }
}
