import Bytes
import Foundation
import Inputs
import Models
import Preparation
import TestSupport
import Testing

/// Folders of BERTs in the layouts that programs write, from their files to the ids of 2,000 texts, compared with
/// `transformers`; `Data/wordpieces/make_wordpieces.py` makes them.
@Suite struct HubTokenizerGoldenTests {
  private static let data = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Data")

  private static func json(_ name: String) throws -> JSON {
    try JSONParser.parse([UInt8](Data(contentsOf: data.appending(path: "wordpieces/\(name).json"))))
  }

  /// The vocabulary of a golden: that of the texts' goldens, with other names for some pieces, and more behind it.
  private static func pieces(_ golden: JSON) throws -> [String] {
    let file = try String(decoding: Data(contentsOf: data.appending(path: "text/vocab.txt")), as: UTF8.self)
    let prefix = try #require(golden["prefix"]?.asString)
    let pieces = file.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { piece in
      let name = golden["renamed"]?[ByteText(piece)]?.asString ?? String(piece)
      return name.hasPrefix("##") ? prefix + name.dropFirst(2) : name
    }
    return pieces + (golden["pieces"]?.asList ?? []).compactMap(\.asString)
  }

  /// Writes a golden's folder.
  private static func write(_ golden: JSON, to folder: Scratch) throws {
    let pieces = try pieces(golden)
    try folder.write("config.json", #"{"model_type": "bert"}"#)
    if golden["has_words"]?.asBool == true {
      try folder.write("vocab.txt", pieces.map { $0 + "\n" }.joined())
    }
    guard case .object(let files)? = golden["files"] else { return }
    let vocabulary = JSON.members(pieces.enumerated().map { ($1, .integer($0)) }).text()
    for file in files {
      try folder.write(file.key.text, file.value.text().replacing("\"vocab\":{}", with: "\"vocab\":\(vocabulary)"))
    }
  }

  static let kinds = [
    "plain", "resaved", "added", "cased", "accents", "names", "legacy", "decoder", "other", "never_split", "no_basic",
  ]

  @Test(arguments: kinds) func idsEqualTransformers(kind: String) throws {
    let golden = try Self.json(kind), folder = try Scratch()
    try Self.write(golden, to: folder)
    let tokenizer = try HubTokenizer.load(folder.path)
    var configuration = ModelConfiguration(labelNames: ["a", "b"])
    configuration.tokenizer = tokenizer.settings
    (configuration.tokenizer.maxText, configuration.text.maxPositions) = (16_384, 16_384)
    // What a model's folder keeps gives the same ids.
    configuration = try ModelConfiguration(json: Array(configuration.json.utf8))
    let reader = try InputReader(
      configuration: configuration, vocabularyPath: tokenizer.path, limits: PictureLimits(), decoding: .exact)
    try Self.check(golden["ids"]) { reader.words(text: $0, knowledge: "").text.ids }
  }

  /// Added tokens are found in the same way before byte pairs and unigram pieces are.
  @Test(arguments: ["clip", "gpt2", "unigram"]) func addedTokensOfOtherKindsEqualTransformers(kind: String) throws {
    let golden = try #require(try Self.json("subwords")[ByteText(kind)])
    let file = try JSONParser.parse([UInt8](Data(contentsOf: Self.data.appending(path: "subwords/\(kind).json"))))
    guard case .object(let members) = file else { return }
    let changed = members.map { member in
      (member.key.text, member.key == "added_tokens" ? golden["added_tokens"] : member.value)
    }
    let tokenizer = try SubwordTokenizer(json: Array(JSON.members(changed).text().utf8))
    try Self.check(golden["ids"]) { tokenizer.encode($0, limit: 16_384).ids }
  }

  /// Compares the ids of all texts with those of a golden.
  private static func check(_ ids: JSON?, _ encode: (String) -> [Int32]) throws {
    let texts = try #require(try json("texts").asList).compactMap(\.asString)
    let expected = Array(try #require(ids?.asString).utf8)
    #expect(texts.count == 2000 && expected.count == 8 * texts.count)
    var different: [String] = []
    for (index, text) in texts.enumerated() {
      let ids = encode(text).map(String.init).joined(separator: " ")
      let digest = SHA256.hash(data: Array(ids.utf8)).prefix(4).flatMap { byte in
        [byte >> 4, byte & 15].flatMap { String($0, radix: 16).utf8 }
      }
      if digest != Array(expected[8 * index..<8 * index + 8]) { different.append(text) }
    }
    #expect(different.isEmpty, "\(different.count) texts, the first: \(different.first?.prefix(200) ?? "")")
  }

  @Test(arguments: kinds) func theSettingsAreThoseOfTheFiles(kind: String) throws {
    let golden = try Self.json(kind), folder = try Scratch()
    try Self.write(golden, to: folder)
    var found = ModelConfiguration(labelNames: ["a", "b"]), expected = found
    found.tokenizer = try HubTokenizer.load(folder.path).settings
    let settings = try #require(golden["settings"])
    let kind = found.tokenizer.kind.rawValue
    guard case .object(let members) = settings else { return }
    let tokenizer = JSON.object(members + [JSON.Member(key: "kind", value: .string(kind))]).text()
    expected = try ModelConfiguration(
      json: Array(#"{"format":"clfa-model/1","label_names":["a","b"],"tokenizer":\#(tokenizer)}"#.utf8))
    func sorted(_ settings: TokenizerSettings) -> TokenizerSettings {
      var settings = settings
      settings.addedTokens?.sort { $0.id < $1.id }
      return settings
    }
    #expect(sorted(found.tokenizer) == sorted(expected.tokenizer))
  }
}
