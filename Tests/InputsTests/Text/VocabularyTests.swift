import Inputs
import Testing

@Suite struct VocabularyTests {
  @Test func filesAreReadAsTheReferenceReadsThem() throws {
    let goldens = try TextGoldens.vocabularies()
    #expect(goldens.count == 12)
    for golden in goldens {
      let vocabulary = try Vocabulary(bytes: Array(golden.vocabulary.utf8))
      for (cased, ids) in [(false, golden.uncased), (true, golden.cased)] {
        let tokenizer = TextGoldens.tokenizer(vocabulary, cased: cased)
        #expect(tokenizer.encode(golden.text, limit: 77).ids == ids, "\(golden.name)")
      }
    }
  }

  @Test func piecesAreBytes() throws {
    let vocabulary = try Vocabulary(bytes: Array("[UNK]\n[CLS]\n[SEP]\n\u{E9}\ne\u{301}\n".utf8))
    #expect(vocabulary.count == 5)
    #expect(vocabulary["\u{E9}".utf8] == 3)
    #expect(vocabulary["e\u{301}".utf8] == 4)
    #expect(vocabulary["e".utf8] == nil)
    #expect(vocabulary["".utf8] == nil)
    #expect(vocabulary["[SEP]".utf8] == vocabulary.separator)
  }

  @Test(arguments: ["[UNK]", "[CLS]", "[SEP]"])
  func aVocabularyWithoutAPieceThatEveryTextNeedsIsRejected(missing: String) {
    let pieces = ["[UNK]", "[CLS]", "[SEP]", "good"].filter { $0 != missing }
    let bytes = Array(pieces.joined(separator: "\n").utf8)
    #expect(throws: VocabularyError.missingPiece(missing)) { try Vocabulary(bytes: bytes) }
  }

  @Test func anEmptyFileIsRejected() {
    #expect(throws: VocabularyError.missingPiece("[UNK]")) { try Vocabulary(bytes: []) }
  }

  @Test func bytesThatAreNotUTF8AreRejectedWithTheirLine() {
    let bytes = Array("[UNK]\n[CLS]\n".utf8) + [0xC3, 0x0A] + Array("[SEP]\n".utf8)
    #expect(throws: VocabularyError.invalidUTF8(line: 3)) { try Vocabulary(bytes: bytes) }
  }

  @Test func filesThatAreTooLargeAreRejected() {
    let large = [UInt8](repeating: UInt8(ascii: "a"), count: Vocabulary.byteLimit + 1)
    #expect(throws: VocabularyError.tooLarge(bytes: large.count, limit: Vocabulary.byteLimit)) {
      try Vocabulary(bytes: large)
    }
    let lines = [UInt8](repeating: UInt8(ascii: "\n"), count: Vocabulary.pieceLimit + 1)
    #expect(throws: VocabularyError.tooManyPieces(limit: Vocabulary.pieceLimit)) {
      try Vocabulary(bytes: lines)
    }
  }

  @Test func hostilePiecesAreReadInReasonableTime() throws {
    let special = Array("[UNK]\n[CLS]\n[SEP]\n".utf8)
    let long = special + [UInt8](repeating: UInt8(ascii: "a"), count: Vocabulary.byteLimit - special.count)
    #expect(try Vocabulary(bytes: long).count == 4)
    let blanks = special + [UInt8](repeating: UInt8(ascii: " "), count: Vocabulary.byteLimit - special.count)
    #expect(try Vocabulary(bytes: blanks)["".utf8] == 3)
  }

  @Test func errorsSayHowToFixThem() {
    #expect(
      VocabularyError.missingPiece("[CLS]").description
        == "The vocabulary has no [CLS]. "
        + "Use the vocab.txt that came with the model; [UNK], [CLS] and [SEP] each need a line."
    )
    #expect(
      VocabularyError.invalidUTF8(line: 3).description.hasPrefix("Line 3 of the vocabulary is not UTF-8."))
    #expect(VocabularyError.tooLarge(bytes: 9, limit: 8).description.contains("one piece per line"))
    #expect(VocabularyError.tooManyPieces(limit: 8).description.contains("more than 8 lines"))
  }
}
