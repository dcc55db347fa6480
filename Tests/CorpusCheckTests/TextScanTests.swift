import CorpusCheck
import Testing

/// The properties found in one pass over a text.
@Suite struct TextScanTests {
  @Test func tokensAreFoldedAndOnce() {
    let scan = TextScan("So GOOD, so good!!! don't http://t.co/x @Bob #Tag 1,000.5")
    #expect(scan.tokenWords == ["so", "good", ",", "!!!", "don't", "(a web address)", "@bob", "#tag", "1,000.5"])
    #expect(scan.characters == 57)
  }

  @Test func placeholdersAndEntitiesAreFound() {
    let scan = TextScan("<user> has <num> cats &amp; [URL] <3 [a b] {x}")
    #expect(scan.placeholderWords == ["<user>", "<num>", "&amp;", "[url]", "{x}"])
    #expect(scan[.placeholder] == 1 && scan[.entity] == 1)
    #expect(TextScan("I <3 it & you; (a) [1]").placeholderWords.isEmpty)
  }

  @Test(arguments: [
    (" a", [TextCue.leadingBlank, .irregularBlanks]), ("a ", [.trailingBlank, .irregularBlanks]),
    ("a  b", [.doubleBlank, .irregularBlanks]), ("a b", []), ("a\tb", [.otherBlanks]), ("a\u{A0}b", [.otherBlanks]),
    ("a .", [.blankBeforeMark]), ("a\u{200B}b", [.invisible]), ("a\u{FFFD}", [.invisible]),
    (" ", [.leadingBlank, .trailingBlank, .irregularBlanks]),
  ])
  func spacingIsSeen(text: String, cues: [TextCue]) {
    let spacing: [TextCue] = [
      .leadingBlank, .trailingBlank, .doubleBlank, .irregularBlanks, .otherBlanks, .blankBeforeMark, .invisible,
    ]
    let scan = TextScan(text)
    #expect(spacing.filter { scan[$0] == 1 } == cues, "\(text.debugDescription)")
  }

  @Test(arguments: [
    ("abc", "none"), ("Abc", "only the first"), ("ABC", "all"), ("aBc", "some"), ("A", "only the first"),
    ("123", "no letter with case"), ("日本", "no letter with case"),
  ])
  func capitalsAreSeen(text: String, word: String) {
    #expect(TextCue.letterCase.word(TextScan(text)[.letterCase]) == word)
  }

  @Test(arguments: [
    ("Oh no.", "a capital", "."), ("oh...", "a small letter", "…"), ("RT @a: hm…", "RT", "…"),
    ("@a yes!", "an @name", "!"), ("#a 12", "a hashtag", "a digit"), ("“no”", "a quotation mark", "a quotation mark"),
    ("see http://t.co/a", "a small letter", "a web address"), ("ok 😀", "a small letter", "an emoji"),
    ("a❤️", "a small letter", "an emoji"),
  ])
  func edgesAreSeen(text: String, beginning: String, ending: String) {
    let scan = TextScan(text)
    #expect(TextCue.beginning.word(scan[.beginning]) == beginning, "\(text)")
    #expect(TextCue.ending.word(scan[.ending]) == ending, "\(text)")
  }

  @Test func foldedTextsAreEqualInAnyForm() {
    let plain = TextScan("the bus is late")
    #expect(plain.folded != nil)
    for other in ["The BUS is late!!", " the  bus is late http://t.co/1", "@bob the bus: is late"] {
      #expect(TextScan(other).folded == plain.folded, "\(other)")
    }
    #expect(TextScan("the bus late is").folded != plain.folded)
    #expect(TextScan("the bus").folded == nil)
  }

  @Test func anEmojiOfSeveralScalarsIsOneToken() {
    #expect(TextScan("👨‍👩‍👧 👍🏽").tokenWords.count == 2)
    #expect(TextScan("😀😀😁")[.emoji] == 3)
  }

  @Test func nastyTextsAreRead() {
    for text in ["", "<", "&", "@", "#", "http://", "\u{0}", "<<<<a>", "a'", "'", "1.", "&#;", "\u{301}", "\r\n"] {
      let scan = TextScan(text)
      #expect(scan.characters == text.unicodeScalars.count)
    }
    let long = TextScan(String(repeating: "x", count: 100_000))
    #expect(long.characters == 100_000 && long.tokenWords.count == 2)
  }

  @Test func scriptsAreThoseOfTheLetters() {
    let tally = ["hello", "привет", "東京へ行く", "漢字", "123 !", "", "abc привет"].reduce(into: ScriptTally()) {
      $0.add(TextScan($1))
    }
    let summary = tally.summary
    #expect(summary.withoutLetters == 1 && summary.mixed == 1)
    #expect(
      summary.scripts.map { "\($0.name) \($0.posts) \($0.letters)" } == [
        "Cyrillic 2 12", "Latin 1 8", "Han and kana 1 5", "Han 1 2",
      ])
  }
}

extension TextScan {
  fileprivate var tokenWords: [String] { tokens.map(word) }
  fileprivate var placeholderWords: [String] { tokens.filter { $0.form == .placeholder }.map(word) }
}
