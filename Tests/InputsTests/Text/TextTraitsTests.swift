import Inputs
import Testing

@Suite struct TextMarksTests {
  private static let texts: [(String, TextMarks)] = [
    ("see http://a.b/c now", .links), ("WWW.a.b", .links), ("at 3:00. www", []),
    ("hi @joe", .mentions), ("＠joe", .mentions), ("joe@mail", []),
    ("salt &amp; pepper", .entities), ("&#39;", .entities), ("AT&T &nope;", []),
    ("hi <user> and [URL]", .placeholders), ("so emoji_15 good", .placeholders), ("a < b > c, [sic], emoji_x", []),
    ("@joe <url> &lt; https://x.y", [.links, .mentions, .entities, .placeholders]), ("", []),
  ]

  @Test(arguments: texts)
  func whatATextHolds(text: String, marks: TextMarks) {
    #expect(TextMarks(of: text) == marks)
  }

  @Test func lettersHaveTheirScript() {
    let systems = "aЖع語カ한ก1 é!😀ᚠ".unicodeScalars.map { WritingSystem($0) }
    #expect(
      systems == [.latin, .cyrillic, .arabic, .han, .kana, .hangul, .thai, nil, nil, .latin, nil, nil, .other])
  }
}
