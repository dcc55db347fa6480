import Queries
import Testing

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("ﾊﾛｰ", 3), ("ＡＢ", 4), ("🙂", 2), ("👩‍👧‍👦", 2), ("👍🏽", 2), ("🇩🇪", 2), ("❤️", 2), ("❤", 1), ("☕", 2),
    ("1️⃣", 2), ("नमस्ते", 4), ("שלום", 4), ("a\u{200B}b", 2), ("𠀀", 2), ("…", 1), ("\u{AD}", 1),
  ])
  func widths(text: String, width: Int) {
    #expect(text.displayWidth == width, "\(text)")
  }

  @Test func cutsBetweenGraphemes() {
    #expect("abcdef".cut(toWidth: 6) == "abcdef")
    #expect("abcdef".cut(toWidth: 5) == "abcd…")
    #expect("日本語".cut(toWidth: 5) == "日本…")
    #expect("日本語".cut(toWidth: 4) == "日…")
    #expect("👩‍👧👩‍👧".cut(toWidth: 3) == "👩‍👧…")
    #expect("e\u{301}e\u{301}e\u{301}".cut(toWidth: 2) == "e\u{301}…")
    #expect("abc".cut(toWidth: 0) == "")
    #expect("日".cut(toWidth: 1) == "…")
  }
}
