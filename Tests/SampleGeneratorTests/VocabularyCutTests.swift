import Inputs
import SampleGenerator
import TestSupport
import Testing

@Suite struct VocabularyCutTests {
  private static let whole = [
    "[PAD]", "[unused0]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!", "a", "é", "the", "of", "and", "bus", "##ses", "##s",
    "##ing", "late", "rare",
  ]

  private func cut(_ size: Int, _ csv: String, whole: [String] = Self.whole) throws -> [String] {
    let scratch = try Scratch()
    let from = try scratch.write("whole.txt", whole.map { $0 + "\n" }.joined())
    let corpus = try scratch.write("train.csv", csv)
    return try VocabularyCut.pieces(of: from, corpus: [corpus], size: size)
  }

  @Test func keepsSpecialPiecesUsedOnesCharactersAndTheFirstOthers() throws {
    let pieces = try cut(14, "text\nBusses!\nLate\n")
    #expect(
      pieces == [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!", "a", "é", "the", "of", "bus", "##ses", "##s", "late",
      ])
  }

  @Test func textsAndCharactersComeBeforeTheSize() throws {
    #expect(
      try cut(5, "text\nrare\n") == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!", "a", "é", "##s", "rare"])
  }

  @Test func aSizeAboveTheWholeKeepsAllButUnusedPieces() throws {
    #expect(try cut(1000, "text\na\n").count == Self.whole.count - 1)
  }

  @Test func theCutTokenizesTextsLikeTheWhole() throws {
    let csv = "text\nthe busses and buss\n"
    let bytes = { (pieces: [String]) in Array(pieces.map { $0 + "\n" }.joined().utf8) }
    let pieces = try cut(8, csv)
    func spelled(_ pieces: [String]) throws -> [String] {
      let vocabulary = try Vocabulary(bytes: bytes(pieces))
      return WordPieceTokenizer(vocabulary: vocabulary, lowercase: true, stripAccents: true)
        .encode("the busses and buss", limit: 99).ids.map { pieces[Int($0)] }
    }
    #expect(try spelled(pieces) == spelled(Self.whole))
  }

  @Test func aFileThatIsTooLargeIsRejected() throws {
    #expect(throws: VocabularyError.self) {
      try cut(9, "text\na\n", whole: [String(repeating: "a", count: Vocabulary.byteLimit + 2)])
    }
  }

  @Test func aVocabularyWithoutAMaskIsRejected() throws {
    let error = #expect(throws: SampleGeneratorError.self) {
      try cut(9, "text\na\n", whole: ["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    }
    #expect("\(try #require(error))".contains("[MASK]"))
  }
}
