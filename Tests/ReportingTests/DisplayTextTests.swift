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
