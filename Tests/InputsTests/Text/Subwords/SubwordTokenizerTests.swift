import Foundation
import Inputs
import Testing

/// Compared with `tokenizers`; `Data/subwords/make_subwords.py` makes the expected ids.
@Suite struct SubwordTokenizerTests {
  private struct Case: Decodable {
    var text: String
    var clip: [Int32]
    var gpt2: [Int32]
    var unigram: [Int32]
    var siglip: [Int32]
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/subwords")

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  private static func tokenizer(_ name: String) throws -> SubwordTokenizer {
    try SubwordTokenizer(json: bytes("\(name).json"))
  }

  private static func cases() throws -> [Case] {
    try String(decoding: bytes("cases.jsonl"), as: UTF8.self).split(separator: "\n").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  @Test func idsEqualTheReferences() throws {
    let (clip, gpt2) = (try Self.tokenizer("clip"), try Self.tokenizer("gpt2"))
    let unigram = try Self.tokenizer("unigram"), siglip = try Self.tokenizer("siglip")
    let cases = try Self.cases()
    #expect(cases.count > 40)
    for one in cases {
      #expect(clip.encode(one.text, limit: 1000).ids == one.clip, "\(one.text)")
      #expect(gpt2.encode(one.text, limit: 1000).ids == one.gpt2, "\(one.text)")
      #expect(unigram.encode(one.text, limit: 1000).ids == one.unigram, "\(one.text)")
      #expect(siglip.encode(one.text, limit: 1000).ids == one.siglip, "\(one.text)")
    }
  }

  @Test func longTextsAreTruncatedBeforeTheClosingPiece() throws {
    let tokenizer = try Self.tokenizer("clip")
    let whole = tokenizer.encode("12 posts, 345 likes", limit: 1000),
      cut = tokenizer.encode("12 posts, 345 likes", limit: 5)
    #expect(cut.ids == Array(whole.ids.prefix(4)) + [whole.ids[whole.ids.count - 1]])
    #expect(cut.pieces == whole.ids.count - 2 && cut.truncated == cut.pieces - 3 && whole.truncated == 0)
    #expect(tokenizer.encode("a", limit: 0).ids.count == 2)
  }

  @Test func withoutAnOpeningPieceThereIsRoomForOneMore() throws {
    let siglip = try Self.tokenizer("siglip"), whole = siglip.encode("12 posts, 345 likes", limit: 1000)
    let cut = siglip.encode("12 posts, 345 likes", limit: 5)
    #expect(cut.ids == Array(whole.ids.prefix(4)) + [1] && cut.truncated == whole.ids.count - 5)
    #expect(siglip.encode("", limit: 64).ids == [1])
    let words = siglip.encodeWords("Posts!", limit: 64)
    #expect(words.text.ids == siglip.encode("posts", limit: 64).ids)
    #expect(words.words.map(\.pieces) == [0..<words.text.ids.count - 1])
    #expect(words.words.map { String(decoding: $0.bytes, as: UTF8.self) } == ["posts"])
  }

  @Test(arguments: ["[^a]", "[a-z]", "[,", ",]", "[]", "[\\w]", "[[,]]", "[,&&.]", "[é]"])
  func aClassOfMoreThanSignsIsNamed(pattern: String) throws {
    let file = try Self.file("siglip") {
      $0["normalizer"] = ["type": "Replace", "pattern": ["Regex": pattern], "content": ""]
    }
    #expect(throws: TokenizerError.unsupported("normalizer: Replace", pattern)) { try SubwordTokenizer(json: file) }
  }

  @Test func unknownPiecesAreCounted() throws {
    let unigram = try Self.tokenizer("unigram")
    let read = unigram.encode("\u{10348}\u{10349} a", limit: 100)
    #expect(read.unknown == 1 && read.ids.contains(3))
  }

  @Test func aVeryLongWordIsEncoded() throws {
    let word = String(repeating: "ab", count: 100_000)
    #expect(try Self.tokenizer("clip").encode(word, limit: 77).ids.count == 77)
    #expect(try Self.tokenizer("unigram").encode(word, limit: 77).ids.count == 77)
  }

  /// A file with a changed part.
  private static func file(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> [UInt8] {
    var file = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes("\(name).json"))) as? [String: Any])
    change(&file)
    return [UInt8](try JSONSerialization.data(withJSONObject: file))
  }

  @Test func unsupportedPartsAreNamed() throws {
    func fault(_ name: String, _ change: (inout [String: Any]) -> Void) throws -> TokenizerError? {
      let file = try Self.file(name, change)
      do throws(TokenizerError) { _ = try SubwordTokenizer(json: file) } catch { return error }
      return nil
    }
    #expect(try fault("clip") { $0["normalizer"] = ["type": "NFKC"] } == .unsupported("normalizer", "NFKC"))
    #expect(
      try fault("clip") { $0["normalizer"] = ["type": "Replace", "pattern": ["Regex": "a+"], "content": "b"] }
        == .unsupported("normalizer: Replace", "a+"))
    #expect(try fault("clip") { $0["pre_tokenizer"] = ["type": "Digits"] } == .unsupported("pre_tokenizer", "Digits"))
    #expect(try fault("clip") { $0["model"] = ["type": "WordLevel"] } == .unsupported("model.type", "WordLevel"))
    #expect(try fault("clip") { $0["model"] = nil } == .malformed("model"))
    #expect(try fault("clip") { $0["steps"] = 1 } == .unsupported("the file", "steps"))
    #expect(
      try fault("clip") { $0["truncation"] = ["direction": "Left"] } == .unsupported("truncation.direction", "Left"))
    #expect(
      try fault("gpt2") { $0["model"] = ["type": "BPE", "dropout": 0.1] } == .unsupported("model.dropout", "0.1"))
    #expect(try fault("unigram") { $0["model"] = ["type": "Unigram", "best": 1] } == .unsupported("model", "best"))
    #expect(try fault("clip") { $0["post_processor"] = nil } == .unsupported("post_processor", "nothing"))
    #expect(
      try fault("unigram") { $0["model"] = ["type": "Unigram", "vocab": [["a", 0.5]], "unk_id": 1] }
        == .malformed("model.vocab"))
    #expect(
      try fault("unigram") { $0["normalizer"] = ["type": "Precompiled", "precompiled_charsmap": "!!"] }
        == .malformed("normalizer.precompiled_charsmap"))
    #expect(
      try fault("gpt2") { $0["model"] = ["type": "BPE", "vocab": ["a": 0], "merges": [["a", "b"]]] }
        == .missingPiece("b"))
    #expect(throws: TokenizerError.notJSON(at: 1)) { try SubwordTokenizer(json: Array("{".utf8)) }
  }

  /// A table from an untrusted file is never followed beyond its ends.
  @Test func damagedTablesAreReadWithinTheirEnds() throws {
    var state: UInt64 = 7
    func next() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    var read = 0
    for size in 0..<400 {
      var table = [UInt8](repeating: 0, count: 4) + (0..<size).map { _ in next() }
      table[0] = UInt8(size / 8 * 4 % 256)
      let text = Data(table).base64EncodedString()
      let file = try Self.file("unigram") { $0["normalizer"] = ["type": "Precompiled", "precompiled_charsmap": text] }
      guard let tokenizer = try? SubwordTokenizer(json: file) else { continue }
      read += 1
      _ = tokenizer.encode("What a ﬁne day, e\u{301} 今日は 😂", limit: 100)
    }
    #expect(read > 100)
  }
}

/// Which subwords belong to which word, and their names.
@Suite struct SubwordWordsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/subwords")

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: "\(name).json")))
  }

  private struct Case: Decodable { var text: String }

  private static func texts() throws -> [String] {
    try String(decoding: Data(contentsOf: folder.appending(path: "cases.jsonl")), as: UTF8.self).split(separator: "\n")
      .map { try JSONDecoder().decode(Case.self, from: Data($0.utf8)).text }
  }

  private func words(_ read: TokenizedWords) -> [String] {
    read.words.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test(arguments: ["clip", "gpt2", "unigram"]) func idsAreTheSameAndWordsDoNotOverlap(name: String) throws {
    let tokenizer = try SubwordTokenizer(json: Self.bytes(name))
    let texts = try Self.texts()
    #expect(texts.count > 40)
    for text in texts {
      for limit in [2, 3, 7, 1000] {
        let read = tokenizer.encodeWords(text, limit: limit)
        #expect(read.text == tokenizer.encode(text, limit: limit), "\(text)")
        var end = 1
        for word in read.words {
          #expect(word.pieces.lowerBound >= end && !word.pieces.isEmpty && !word.bytes.isEmpty, "\(text)")
          end = word.pieces.upperBound
        }
        #expect(end <= read.text.ids.count - 1, "\(text)")
      }
    }
  }

  @Test func wordsAreThoseOfTheVocabularysKind() throws {
    let text = "It's  a fine day,  2024"
    let clip = try SubwordTokenizer(json: Self.bytes("clip")).encodeWords(text, limit: 100)
    #expect(words(clip) == ["it", "'s", "a", "fine", "day", ",", "2", "0", "2", "4"])
    let gpt2 = try SubwordTokenizer(json: Self.bytes("gpt2")).encodeWords(text, limit: 100)
    #expect(words(gpt2) == ["It", "'s", "a", "fine", "day", ",", "2024"])
    let unigram = try SubwordTokenizer(json: Self.bytes("unigram")).encodeWords(text, limit: 100)
    #expect(words(unigram) == ["It's", "a", "fine", "day,", "2024"])
  }

  /// A word's pieces join to the word.
  @Test(arguments: ["clip", "gpt2", "unigram"]) func namesJoinToTheWords(name: String) throws {
    let bytes = try Self.bytes(name)
    let tokenizer = try SubwordTokenizer(json: bytes), names = PieceNames(json: bytes)
    let read = tokenizer.encodeWords("a fine day and other posts", limit: 100)
    #expect(read.words.count == 6)
    for word in read.words {
      let pieces = try word.pieces.map { try #require(names[read.text.ids[$0]]) }
      let spelled = pieces.joined().replacing("▁", with: "")
      #expect(spelled == String(decoding: word.bytes, as: UTF8.self), "\(pieces)")
    }
    #expect(names[-1] == nil && names[1 << 22] == nil)
  }

  @Test func damagedVocabulariesHaveNoNames() {
    for text in ["", "{", "[]", #"{"model":{"vocab":{"a":-1,"b":99999999999}}}"#, #"{"model":{"vocab":[[],1,["a"]]}}"#]
    {
      #expect(PieceNames(json: Array(text.utf8))[0] == nil)
    }
  }
}
