import Reporting
import Testing

@Suite struct DisplayTextTests {
  @Test func controlsAndDirectionMarksAreShown() {
    #expect(DisplayText.line("a\nb\tc\r") == "a\\nb\\tc\\r")
    #expect(DisplayText.line("\0\u{1B}[31m") == "\\u{0}\\u{1B}[31m")
    #expect(DisplayText.line("a\u{202E}b\u{2066}c") == "a\\u{202E}b\\u{2066}c")
    #expect(DisplayText.line("\u{2028}\u{FEFF}\u{FFFF}\u{E0041}") == "\\u{2028}\\u{FEFF}\\u{FFFF}\\u{E0041}")
  }

  @Test func otherTextStays() {
    let text = "<b>&amp; مرحبا 漢字 👩‍👩‍👧‍👦 e\u{301} \u{E000}"
    #expect(DisplayText.line(text).utf8.elementsEqual(text.utf8))
  }

  @Test func longTextIsCut() {
    #expect(DisplayText.line(String(repeating: "x", count: 11), limit: 10) == "xxxxxxxxxx…")
    #expect(DisplayText.line(String(repeating: "x", count: 10), limit: 10) == "xxxxxxxxxx")
    #expect(DisplayText.line("Z" + String(repeating: "\u{301}", count: 100_000)).unicodeScalars.count == 401)
  }
}
