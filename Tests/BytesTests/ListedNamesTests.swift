import Bytes
import Testing

@Suite struct ListedNamesTests {
  @Test func namesTheFirstFewAndCountsTheRest() {
    #expect((1...65_536).map { "\($0)" }.listed(most: 3) == "1, 2, 3 and 65533 more")
    #expect(["a", "b"].listed(most: 2) == "a, b")
    #expect(["a", "b"].listed(separator: " or ", quote: "'") == "'a' or 'b'")
    #expect([String]().listed().isEmpty)
  }

  @Test func namesAreSafeAndShort() {
    #expect(["a\nError: b", "\u{1B}[2J"].listed() == "a\\nError: b, \\u001b[2J")
    #expect([String(repeating: "x", count: 61)].listed() == String(repeating: "x", count: 60) + "…")
    #expect("abc".printable(upTo: 3) == "abc" && "abcd".printable(upTo: 3) == "abc…")
    // One letter with any number of marks is not one letter to a terminal's memory.
    #expect(("a" + String(repeating: "\u{301}", count: 1000)).printable(upTo: 10).unicodeScalars.count == 11)
  }
}
