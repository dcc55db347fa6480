import CorpusCheck
import Testing

/// Stray invisible characters are distinguished from those that belong to a letter or emoji.
@Suite struct StrayScalarsTests {
  @Test(arguments: [
    "sick of\u{FE0F} it", "\u{FE0F}so", "a \u{FE0F} b", "1\u{FE0F} of", "❤\u{FE0F}\u{FE0F}", "a\u{200D}b",
    "end 👩\u{200D}",
    "👩\u{200D} a", "a\u{200C}b", "\u{301}a", "a \u{301}", "a\n\u{301}", "\u{20E3}", "a\u{E0101}", "a\u{E0067}",
    "a\u{3164}b", "a\u{AD}b", "a\u{200B}b", "a\u{2060}b", "a\u{34F}", "a\u{115F}", "a\u{180B}", "a\u{FFFD}",
    "a\u{FE00}",
    // Each of these belongs only between two characters that need it, or after a character with this variant.
    "lo\u{34F}rd", "a \u{633}\u{644}\u{200C} b", "a \u{200D}\u{633} b", "ه\u{200D}", "न\u{200D} a", "กา\u{200B}",
    "ก\u{200B}a", "…\u{FE00}", "★\u{FE0F}", "👩\u{200D}\u{200D}👧", "\u{115F}a", "a\u{2800}b",
    // Marks of another script, and marks on punctuation.
    "a\u{64E}", "a\u{E31}", "5\u{5B0}", ",\u{301}", "!\u{308}", "…\u{301}",
  ])
  func whatIsLeftOverIsSeen(text: String) {
    #expect(TextScan(text)[.invisible] == 1, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
  }

  @Test(arguments: [
    "❤\u{FE0F}", "☺\u{FE0E}", "1\u{FE0F}\u{20E3}", "#\u{20E3}", "👨\u{200D}👩\u{200D}👧", "🏳\u{FE0F}\u{200D}🌈",
    "👍🏽", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "می\u{200C}خواهم", "സ്\u{200D} a", "क्\u{200D}ष",
    "क्\u{200C}ष", "e\u{301}", "\u{A0}\u{301}", "◌\u{301}", "क\u{93E}", "葛\u{E0100}", "ภาษา\u{200B}ไทย",
    "\u{115F}\u{1161}", "ᠠ\u{180B}", "0\u{FE00}", "a\u{34F}\u{301}", "©\u{FE0F}", "™\u{FE0F}", "‼\u{FE0F}", "🇩🇪",
    "\u{600}12", "س\u{64E}", "ـ\u{64E}", "ܐ\u{64E}", "か\u{3099}", "=\u{338}", "שׁ\u{34F}ב", "。\u{FE00}", "⠓\u{2800}⠓",
    "😂\u{FE0E}",
  ])
  func whatBelongsSomewhereIsNoFinding(text: String) {
    #expect(TextScan(text)[.invisible] == 0, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
  }

  @Test func strayCharactersDoNotChangeAWord() {
    let left = TextScan("sick of\u{FE0F} having it"), clean = TextScan("sick of having it")
    #expect(left.folded == clean.folded)
    #expect(left.tokens.filter { $0.form == .word }.map(left.word) == clean.tokens.map(clean.word))
    #expect(left.tokens.filter { $0.form == .invisible }.map(left.word) == ["U+FE0F"])
  }

  @Test(arguments: [
    ("yes", "yes"), ("", ""), ("\u{200B}", "U+200B"), ("\u{200B}\u{FE0F}", "U+200B U+FE0F"),
    ("yes\u{200B}", "yes<U+200B>"),
    (" ", "U+0020"), ("❤\u{FE0F}", "❤<U+FE0F>"), ("葛\u{E0100}", "葛<U+E0100>"), ("a b", "a b"), ("\u{A0}", "U+00A0"),
  ])
  func whatCannotBeSeenIsSpelled(text: String, spelled: String) {
    #expect(text.spelled.utf8.elementsEqual(spelled.utf8))
  }

  /// The word list shows two spellings of a word separately, with the invisible difference escaped.
  @Test(arguments: [
    ("😂\u{FE0F}", "😂<U+FE0F>"), ("caf\u{E9}", "caf\u{E9}"), ("cafe\u{301}", "cafe<U+0301>"),
    ("p\u{43E}st", "p<U+043E>st"), ("\u{43E}\u{43D}", "\u{43E}\u{43D}"), ("q\u{301}\u{323}", "q\u{301}<U+0323>"),
    ("\u{FF41}b", "<U+FF41>b"), ("क\u{93E}", "क\u{93E}"),
  ])
  func wordsThatLookAlikeAreSpelledApart(word: String, spelled: String) {
    #expect(word.spelledWord.utf8.elementsEqual(spelled.utf8), "\(word.spelledWord)")
  }

  @Test func terminalControlsInAPathAreEscaped() {
    #expect("a.png\u{FE0F}".spelledName == "a.png<U+FE0F>" && "a\u{202E}\u{1B} b".spelledName == "a\u{202E}\u{1B} b")
  }

  /// Lookalike letters are a cue of form; a text in usual spelling has none.
  @Test func lookalikeLettersAreFound() {
    let cues: [TextCue] = [.redundantSelector, .mixedWord, .compatibleLetter, .decomposed, .unusualOrder]
    func found(_ text: String) -> [TextCue] { cues.filter { TextScan(text)[$0] == 1 } }
    #expect(found("so funny 😂\u{FE0F}") == [.redundantSelector])
    #expect(found("a p\u{43E}st") == [.mixedWord])
    #expect(found("5 \u{212A}") == [.compatibleLetter] && found("\u{212B}") == [.compatibleLetter])
    #expect(found("cafe\u{301}") == [.decomposed] && found("\u{1112}\u{1161}") == [.decomposed])
    #expect(found("q\u{301}\u{323}") == [.unusualOrder])
    for text in ["😂 ❤\u{FE0F}", "caf\u{E9} \u{43E}\u{43D} on", "5 K, 1ª", "สำ", "Tシャツ", "q\u{323}\u{301}"] {
      #expect(found(text).isEmpty, "\(text)")
    }
  }
}
