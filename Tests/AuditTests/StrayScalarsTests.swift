import Audit
import Testing

/// What cannot be seen and belongs to nothing is told from what belongs to its letter or emoji.
@Suite struct StrayScalarsTests {
  @Test(arguments: [
    "sick of\u{FE0F} it", "\u{FE0F}so", "a \u{FE0F} b", "1\u{FE0F} of", "❤\u{FE0F}\u{FE0F}", "a\u{200D}b",
    "end 👩\u{200D}",
    "👩\u{200D} a", "a\u{200C}b", "\u{301}a", "a \u{301}", "a\n\u{301}", "\u{20E3}", "a\u{E0101}", "a\u{E0067}",
    "a\u{3164}b", "a\u{AD}b", "a\u{200B}b", "a\u{2060}b", "a\u{34F}", "a\u{115F}", "a\u{180B}", "a\u{FFFD}",
    "a\u{FE00}",
  ])
  func whatIsLeftOverIsSeen(text: String) {
    #expect(TextScan(text)[.invisible] == 1, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
  }

  @Test(arguments: [
    "❤\u{FE0F}", "☺\u{FE0E}", "1\u{FE0F}\u{20E3}", "#\u{20E3}", "👨\u{200D}👩\u{200D}👧", "🏳\u{FE0F}\u{200D}🌈",
    "👍🏽", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "می\u{200C}خواهم", "ه\u{200D}", "क्\u{200D}ष",
    "क्\u{200C}ष", "e\u{301}", "\u{A0}\u{301}", "◌\u{301}", "क\u{93E}", "葛\u{E0100}", "ภาษา\u{200B}ไทย",
    "\u{115F}\u{1161}", "ᠠ\u{180B}", "0\u{FE00}", "a\u{34F}\u{301}", "©\u{FE0F}", "™\u{FE0F}", "‼\u{FE0F}", "🇩🇪",
    "\u{600}12",
  ])
  func whatBelongsSomewhereIsNoFinding(text: String) {
    #expect(TextScan(text)[.invisible] == 0, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
  }

  @Test func aWordIsTheSameWithAndWithoutWhatIsLeftOver() {
    let left = TextScan("sick of\u{FE0F} having it"), clean = TextScan("sick of having it")
    #expect(left.folded == clean.folded)
    #expect(left.tokens.filter { $0.form == .word }.map(left.word) == clean.tokens.map(clean.word))
    #expect(left.tokens.filter { $0.form == .invisible }.map(left.word) == ["U+FE0F"])
  }

  @Test(arguments: [
    ("yes", "yes"), ("", ""), ("\u{200B}", "U+200B"), ("\u{200B}\u{FE0F}", "U+200B U+FE0F"),
    ("yes\u{200B}", "yes<U+200B>"),
    (" ", "U+0020"), ("❤\u{FE0F}", "❤\u{FE0F}"), ("a b", "a b"), ("\u{A0}", "U+00A0"),
  ])
  func whatCannotBeSeenIsSpelled(text: String, spelled: String) {
    #expect(text.spelled.utf8.elementsEqual(spelled.utf8))
  }
}
