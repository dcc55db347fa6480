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
    #expect(try fault("clip") { $0["normalizer"] = ["type": "Nmt"] } == .unsupported("normalizer", "Nmt"))
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

  /// Each key of a step is read, has no effect, or is named; so is each value.
  @Test func keysOfStepsAreReadOrNamed() throws {
    func fault(_ name: String, _ part: String, _ step: [String: Any]) throws -> TokenizerError? {
      let file = try Self.file(name) { $0[part] = step }
      do throws(TokenizerError) { _ = try SubwordTokenizer(json: file) } catch { return error }
      return nil
    }
    let metaspace: [String: Any] = ["type": "Metaspace", "replacement": "▁", "prepend_scheme": "always"]
    let end: [String: Any] = ["SpecialToken": ["id": "</s>", "type_id": 0]],
      text = ["Sequence": ["id": "A", "type_id": 0]]
    let template: [String: Any] = [
      "type": "TemplateProcessing", "single": [text, end], "special_tokens": ["</s>": ["id": "</s>", "ids": [2]]],
    ]
    func with(_ step: [String: Any], _ key: String, _ value: Any) -> [String: Any] {
      step.merging([key: value]) { _, new in new }
    }
    let unknown: [(name: String, part: String, step: [String: Any])] = [
      ("unigram", "normalizer", ["type": "NFC"]), ("unigram", "normalizer", ["type": "Strip"]),
      ("unigram", "normalizer", ["type": "Sequence", "normalizers": []]), ("unigram", "pre_tokenizer", metaspace),
      ("gpt2", "pre_tokenizer", ["type": "ByteLevel"]), ("unigram", "post_processor", template),
      ("gpt2", "post_processor", ["type": "RobertaProcessing", "cls": ["<s>", 0], "sep": ["</s>", 2]]),
    ]
    for (name, part, step) in unknown {
      #expect(try fault(name, part, step) == nil, "\(step)")
      let type = try #require(step["type"] as? String)
      #expect(try fault(name, part, with(step, "new", 1)) == .unsupported("\(part): \(type)", "new"))
    }
    for (step, key, value) in [
      (metaspace, "prepend_scheme", "first"), (metaspace, "split", "false"), (metaspace, "replacement", "_"),
    ] {
      let wrong: Any = value == "false" ? false : value
      #expect(
        try fault("unigram", "pre_tokenizer", with(step, key, wrong))
          == .unsupported("pre_tokenizer: Metaspace.\(key)", value))
    }
    #expect(
      try fault("gpt2", "pre_tokenizer", ["type": "ByteLevel", "use_regex": false])
        == .unsupported("pre_tokenizer: ByteLevel.use_regex", "false"))
    #expect(
      try fault("unigram", "normalizer", ["type": "Strip", "strip_left": 1])
        == .malformed("normalizer: Strip.strip_left"))
    #expect(
      try fault(
        "unigram", "post_processor", with(template, "single", [text, ["SpecialToken": ["id": "</s>", "type_id": 2]]]))
        == .unsupported("post_processor: TemplateProcessing.single", "the type 2"))
    #expect(try fault("unigram", "post_processor", with(template, "special_tokens", [:])) == .missingPiece("</s>"))
    let words = try Self.file("clip") { file in
      let steps = (file["pre_tokenizer"] as? [String: Any])?["pretokenizers"] as? [[String: Any]] ?? []
      file["pre_tokenizer"] = [
        "type": "Sequence", "pretokenizers": [with(steps[0], "behavior", "Isolated"), steps[1]],
      ]
    }
    #expect(throws: TokenizerError.unsupported("pre_tokenizer: Split.behavior", "Isolated")) {
      try SubwordTokenizer(json: words)
    }
    let token = try Self.file("unigram") { $0["added_tokens"] = [["id": 0, "content": "a", "new": true]] }
    #expect(throws: TokenizerError.unsupported("added_tokens", "new")) { try SubwordTokenizer(json: token) }
    #expect(
      try fault("unigram", "truncation", ["direction": "Right", "new": 1]) == .unsupported("truncation", "new"))
  }

  /// The pieces at the ends have the ids that the step gives them, and a step for offsets has no effect.
  @Test func theEndsAreThoseOfTheStep() throws {
    let file = try Self.file("unigram") {
      guard let template = $0["post_processor"] as? [String: Any],
        var tokens = template["special_tokens"] as? [String: Any]
      else { return }
      tokens["</s>"] = ["id": "</s>", "ids": [7], "tokens": ["</s>"]]
      $0["post_processor"] = [
        "type": "Sequence",
        "processors": [["type": "ByteLevel"], template.merging(["special_tokens": tokens]) { _, new in new }],
      ]
    }
    #expect(try SubwordTokenizer(json: file).encode("", limit: 5).ids == [0, 7])
  }

  /// The table in `docs/model.md` lists every step and key.
  @Test func theDocumentedTableListsAllSteps() throws {
    let root = Self.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "docs/model.md"), encoding: .utf8)
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let heading = try #require(lines.firstIndex(of: "| part | `type` | keys | what becomes of them |"))
    #expect(Array(lines[(heading + 2)...].prefix { $0.hasPrefix("|") }) == SubwordStepKeys.documentation)
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
