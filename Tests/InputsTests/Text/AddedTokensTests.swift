import Inputs
import Testing

/// The library's own behaviour is in `HubTokenizerGoldenTests`; these name single rules.
@Suite struct AddedTokensTests {
  private static func tokenizer(_ tokens: [AddedToken]) throws -> WordPieceTokenizer {
    var settings = WordPieceSettings()
    settings.addedTokens = tokens
    let vocabulary = try Vocabulary(bytes: Array("[UNK]\n[CLS]\n[SEP]\na\nb\n##b\n.\n今\n".utf8), settings)
    return try WordPieceTokenizer(vocabulary: vocabulary, settings)
  }

  private static func ids(_ text: String, _ tokens: AddedToken...) throws -> [Int32] {
    Array(try tokenizer(tokens).encode(text, limit: 100).ids.dropFirst().dropLast())
  }

  @Test func theLongestTokenAtTheFirstPlaceIsFound() throws {
    #expect(try Self.ids("ab a.b", AddedToken("a", id: 9), AddedToken("a.", id: 10)) == [9, 4, 10, 4])
    #expect(try Self.ids("aa.", AddedToken("aa", id: 9), AddedToken("a.", id: 10)) == [9, 6])
  }

  @Test func aNormalizedTokenIsFoundInTheNormalizedText() throws {
    #expect(try Self.ids("@\u{c0} @a @A", AddedToken("@\u{c1}", id: 9, isNormalised: true)) == [9, 9, 9])
    #expect(try Self.ids("@a @A", AddedToken("@A", id: 9)) == [0, 3, 9])
    // Blanks around Chinese characters are part of the normalized token.
    #expect(try Self.ids("今今a今", AddedToken("今今", id: 9, isNormalised: true)) == [9, 3, 7])
  }

  @Test func aWholeWordTouchesNoLetter() throws {
    let token = AddedToken("b", id: 9, isWholeWord: true)
    #expect(try Self.ids("b ab b. b_ (b)", token).filter { $0 == 9 }.count == 3)
  }

  @Test func blanksBelongToTokensThatTakeThem() throws {
    let parts = AddedTokens.literal([
      AddedToken("<", id: 1, takesBlanksBefore: true), AddedToken(">", id: 2, takesBlanksBehind: true),
    ])
    var work = StepCounter()
    let found = parts.parts(of: Array("a \u{2003}< b >  <c".utf8), &work)
    let texts = found.compactMap { if case .text(let range) = $0 { range } else { nil } }
    #expect(found.count == 6 && texts == [0..<1, 6..<9, 13..<14])
  }

  @Test func tokensThatNormalizationMakesUnusableAreErrors() throws {
    #expect(throws: VocabularyError.unusableToken("\u{200b}")) {
      try Self.tokenizer([AddedToken("\u{200b}", id: 9, isNormalised: true)])
    }
    #expect(try Self.ids("a\u{200b}b", AddedToken("\u{200b}", id: 9)) == [3, 9, 4])
    // `tokenizers` finds one of the two, by chance.
    #expect(throws: VocabularyError.unusableToken("@a")) {
      try Self.tokenizer([AddedToken("@A", id: 9, isNormalised: true), AddedToken("@a", id: 10, isNormalised: true)])
    }
    #expect(try Self.ids("@A @a", AddedToken("@A", id: 9), AddedToken("@a", id: 10, isNormalised: true)) == [9, 10])
  }

  @Test func stepsGrowWithTheText() throws {
    let parts = AddedTokens.literal([
      AddedToken("a", id: 1, takesBlanksBefore: true), AddedToken("ab", id: 2, takesBlanksBehind: true),
    ])
    func steps(_ count: Int) -> Int {
      var work = StepCounter()
      _ = parts.parts(of: Array(String(repeating: "    a ab", count: count).utf8), &work)
      return work.steps
    }
    #expect(steps(2000) < 3 * steps(1000))
  }
}
