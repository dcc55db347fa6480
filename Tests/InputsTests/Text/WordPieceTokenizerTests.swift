import Inputs
import Testing

@Suite struct WordPieceTokenizerTests {
  @Test(arguments: [false, true])
  func nastyStringsGiveTheIdsOfTheReference(cased: Bool) throws {
    let tokenizer = TextGoldens.tokenizer(try TextGoldens.vocabulary(), cased: cased)
    let cases = try TextGoldens.strings()
    #expect(cases.count > 350)
    for golden in cases {
      let answer = cased ? golden.cased : golden.uncased
      let expected = TokenizedText(
        ids: answer.ids, pieces: answer.pieces, unknown: answer.unknown,
        truncated: max(answer.pieces + 2 - golden.limit, 0))
      #expect(
        tokenizer.encode(golden.text, limit: golden.limit) == expected, "\(golden.text.debugDescription)")
    }
  }

  /// The same ids, and every piece except the first and the last belongs to one word.
  @Test(arguments: [false, true])
  func wordsHaveThePiecesBetweenTheEnds(cased: Bool) throws {
    let tokenizer = TextGoldens.tokenizer(try TextGoldens.vocabulary(), cased: cased)
    for golden in try TextGoldens.strings() {
      let found = tokenizer.encodeWords(golden.text, limit: golden.limit)
      #expect(found.text == tokenizer.encode(golden.text, limit: golden.limit))
      #expect(found.words.allSatisfy { !$0.pieces.isEmpty && !$0.bytes.isEmpty })
      #expect(found.words.flatMap { Array($0.pieces) } == Array(1..<found.text.ids.count - 1))
    }
    let words = tokenizer.encodeWords("So[MASK]happy", limit: 77).words
    #expect(words.map { String(decoding: $0.bytes, as: UTF8.self) } == [cased ? "So" : "so", "[MASK]", "happy"])
  }

  @Test func anEmptyTextIsItsTwoEnds() throws {
    let vocabulary = try TextGoldens.vocabulary()
    let tokenizer = TextGoldens.tokenizer(vocabulary, cased: false)
    let empty = TokenizedText(
      ids: [vocabulary.classification, vocabulary.separator], pieces: 0, unknown: 0, truncated: 0)
    for text in ["", "  \n", "\u{200B}\u{FFFD}"] { #expect(tokenizer.encode(text, limit: 77) == empty) }
  }

  @Test func truncatedPiecesAreCountedAndTheSeparatorStaysLast() throws {
    let vocabulary = try TextGoldens.vocabulary()
    let tokenizer = TextGoldens.tokenizer(vocabulary, cased: false)
    let whole = tokenizer.encode("so happy ಠ today", limit: 77)
    #expect(whole.truncated == 0 && whole.unknown == 1 && whole.unknownShare == 0.25)
    for limit in 3...6 {
      let cut = tokenizer.encode("so happy ಠ today", limit: limit)
      #expect(cut.ids == whole.ids.prefix(limit - 1) + [vocabulary.separator])
      #expect(cut.truncated == 6 - limit)
      #expect(cut.pieces == 4 && cut.unknown == 1)
    }
  }

  @Test(arguments: [2, 1, 0, -1, Int.min])
  func aLimitBelowTwoCountsAsTwo(limit: Int) throws {
    let vocabulary = try TextGoldens.vocabulary()
    let tokenized = TextGoldens.tokenizer(vocabulary, cased: false).encode("so happy", limit: limit)
    #expect(tokenized.ids == [vocabulary.classification, vocabulary.separator])
    #expect(tokenized.truncated == 2)
  }

  @Test func hugeTextsAreReadToTheirEnd() throws {
    let tokenizer = TextGoldens.tokenizer(try TextGoldens.vocabulary(), cased: false)
    let size = 200_000
    #expect(tokenizer.encode(String(repeating: "a", count: size), limit: 77).pieces == 1)
    #expect(tokenizer.encode(String(repeating: "[", count: size), limit: 77).pieces == size)
    #expect(tokenizer.encode(String(repeating: "[SEP]", count: size), limit: 77).truncated == size - 75)
    #expect(tokenizer.encode("a" + String(repeating: "\u{301}", count: size), limit: 77).pieces == 1)
  }
}
