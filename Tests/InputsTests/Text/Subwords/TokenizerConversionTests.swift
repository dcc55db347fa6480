import Bytes
import Foundation
import Inputs
import Testing

/// Compared with `transformers`; `Data/hubtokenizers/make_hub_tokenizers.py` makes the folders, the texts and the digests
/// of their ids.
@Suite struct TokenizerConversionTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/hubtokenizers")
  private static let kinds = [
    ("roberta", "merges.txt"), ("clip", "merges.txt"), ("xlmr", "sentencepiece.bpe.model"),
    ("camembert", "sentencepiece.bpe.model"), ("albert", "spiece.model"), ("albert cased", "spiece.model"),
    ("siglip", "spiece.model"), ("siglip upper", "spiece.model"), ("siglip-bpe", "spiece.model"),
    ("bertweet", "bpe.codes"), ("bertweet normalized", "bpe.codes"),
  ]

  private static func content(_ path: String) throws -> Data { try Data(contentsOf: folder.appending(path: path)) }

  /// The files of a kind, some of them with another content.
  private static func files(_ kind: String, _ changed: [String: String] = [:]) -> TokenizerConversion.Files {
    var changed = changed
    let parts = kind.split(separator: " ")
    switch parts.last {
    case "normalized": changed["tokenizer_config.json"] = #"{"normalization":true}"#
    case "cased":
      changed["tokenizer_config.json"] =
        #"{"tokenizer_class":"AlbertTokenizer","do_lower_case":false,"keep_accents":true}"#
    case "upper": changed["tokenizer_config.json"] = #"{"do_lower_case":false}"#
    default: break
    }
    return TokenizerConversion.Files { [changed] (name) throws(TokenizerError) in
      if let text = changed[name] { return Array(text.utf8) }
      return (try? content("\(parts[0])/\(name)")).map { [UInt8]($0) }
    }
  }

  private static func fault(_ kind: String, _ name: String, _ changed: [String: String]) -> TokenizerError? {
    do throws(TokenizerError) {
      _ = try SubwordTokenizer(json: TokenizerConversion.json(of: name, files(kind, changed)))
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: kinds) func idsEqualThoseOfTransformers(kind: String, name: String) throws {
    let json = try TokenizerConversion.json(of: name, Self.files(kind)), tokenizer = try SubwordTokenizer(json: json)
    try Self.check(tokenizer, kind)
    // The converted file is what a model's folder keeps.
    #expect(PieceNames(json: json)[Int32(tokenizer.count - 1)] != nil)
  }

  /// Compares the ids of all texts with the digests of a kind.
  private static func check(_ tokenizer: SubwordTokenizer, _ kind: String) throws {
    let texts = try JSONDecoder().decode([String].self, from: content("texts.json"))
    let expected = try JSONDecoder().decode([String: [String]].self, from: content("expected.json"))
    let digests = try #require(expected[kind])
    #expect(texts.count == 2000 && digests.count == 200)
    for (number, digest) in digests.enumerated() {
      let lines = texts[number * 10..<number * 10 + 10].map { text in
        tokenizer.encode(text, limit: 1 << 20).ids.map(String.init).joined(separator: " ")
      }
      let found = SHA256.hash(data: Array(lines.joined(separator: "\n").utf8)).prefix(8)
      let words = found.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(words == digest, "one of \(texts[number * 10..<number * 10 + 10])")
    }
  }

  /// Steps that `tokenizers` can put around the pieces of a unigram model.
  @Test(arguments: ["nfkc", "nfd", "albert steps", "deberta steps", "replaced", "bytes"])
  func stepsEqualThoseOfTokenizers(kind: String) throws {
    let url = Self.folder.deletingLastPathComponent().appending(path: "subwords/unigram.json")
    var file = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let variants = try JSONSerialization.jsonObject(with: Self.content("variants.json")) as? [String: [String: Any]]
    for (key, value) in try #require(variants?[kind]) where key != "bytes" { file[key] = value }
    if kind == "bytes", var model = file["model"] as? [String: Any], var pieces = model["vocab"] as? [Any] {
      for byte in 0..<256 { pieces.append([String(format: "<0x%02X>", byte), -30.0] as [Any]) }
      (model["vocab"], model["byte_fallback"]) = (pieces, true)
      file["model"] = model
    }
    try Self.check(SubwordTokenizer(json: [UInt8](JSONSerialization.data(withJSONObject: file))), kind)
  }

  @Test func wordsHaveTheSameIds() throws {
    for (kind, name) in Self.kinds {
      let tokenizer = try SubwordTokenizer(json: TokenizerConversion.json(of: name, Self.files(kind)))
      let read = tokenizer.encodeWords("The rain never stops!", limit: 40)
      #expect(read.text == tokenizer.encode("The rain never stops!", limit: 40) && read.words.count >= 4, "\(kind)")
    }
  }

  @Test func settingsAreHonouredOrNamed() {
    func config(_ text: String) -> [String: String] { ["tokenizer_config.json": text] }
    #expect(
      Self.fault("roberta", "merges.txt", config(#"{"truncation_side":"left"}"#))
        == .unsupported("tokenizer_config.json: truncation_side", #""left""#))
    #expect(
      Self.fault("roberta", "merges.txt", config(#"{"foo":1}"#)) == .unsupported("tokenizer_config.json", "foo"))
    #expect(
      Self.fault("roberta", "merges.txt", config(#"{"tokenizer_class":"GPT2Tokenizer"}"#))
        == .otherClass("GPT2Tokenizer", file: "merges.txt"))
    #expect(
      Self.fault("bertweet", "bpe.codes", config(#"{"tokenizer_class":"PhobertTokenizer"}"#))
        == .otherClass("PhobertTokenizer", file: "bpe.codes"))
    #expect(
      Self.fault("albert", "spiece.model", config(#"{"tokenizer_class":"T5Tokenizer"}"#))
        == .otherClass("T5Tokenizer", file: "spiece.model"))
    #expect(
      Self.fault("roberta", "merges.txt", ["added_tokens.json": #"{"@USER":7000}"#])
        == .unsupported("added_tokens_decoder", "@USER is 7000, but it would be 420"))
    #expect(
      Self.fault("xlmr", "sentencepiece.bpe.model", config(#"{"sp_model_kwargs":{"alpha":0.1}}"#))
        == .unsupported("tokenizer_config.json: sp_model_kwargs", #"{"alpha":0.1}"#))
    #expect(Self.fault("roberta", "merges.txt", config(#"{"errors":"replace","trim_offsets":true}"#)) == nil)
    // As transformers 5 saves it.
    let saved = #"""
      {"added_tokens_decoder":{"1":{"content":"</s>","lstrip":false,"normalized":false,"special":true},
      "2":{"content":"<unk>","lstrip":false,"normalized":false,"special":true}},"backend":"sentencepiece","do_lower_case":true,
      "eos_token":"</s>","extra_special_tokens":[],"is_local":true,"local_files_only":false,"model_max_length":64,
      "pad_token":"</s>","sp_model_kwargs":{},"tokenizer_class":"SiglipTokenizer","unk_token":"<unk>"}
      """#
    #expect(Self.fault("siglip", "spiece.model", config(saved)) == nil)
    // A model with another unknown piece than ALBERT takes.
    #expect(
      Self.fault("siglip", "spiece.model", config(#"{"tokenizer_class":"AlbertTokenizer"}"#))
        == .unsupported("trainer_spec.unk_id", "2"))
  }

  @Test func damagedFilesAreNamed() {
    #expect(
      Self.fault("roberta", "merges.txt", ["merges.txt": "#version: 0.2\na\n"]) == .malformed("merges.txt: line 2"))
    #expect(Self.fault("roberta", "merges.txt", ["vocab.json": "[]"]) == .malformed("vocab.json"))
    #expect(Self.fault("bertweet", "bpe.codes", ["vocab.txt": "piece\n"]) == .malformed("vocab.txt: line 1"))
    #expect(
      Self.fault("xlmr", "sentencepiece.bpe.model", ["sentencepiece.bpe.model": "\u{A}\u{7F}a"])
        == .malformed("a field of the sentencepiece model"))
    #expect(
      Self.fault("xlmr", "sentencepiece.bpe.model", ["sentencepiece.bpe.model": ""])
        == .malformed("trainer_spec.unk_id"))
  }

  /// White space between words is dropped only where the file splits at it first.
  @Test func whiteSpaceAtTheEndHasNoPiece() throws {
    let tokenizer = try SubwordTokenizer(
      json: TokenizerConversion.json(of: "sentencepiece.bpe.model", Self.files("xlmr")))
    #expect(tokenizer.encode("the rain  ", limit: 20) == tokenizer.encode("the rain", limit: 20))
    #expect(tokenizer.encode("the \u{2003} rain", limit: 20) == tokenizer.encode("the rain", limit: 20))
  }
}

/// SentencePiece's own pieces, as SigLIP has them.
@Suite struct SentencePieceModelTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/hubtokenizers")

  private static func json(_ kind: String, _ config: String = "{}") throws -> [UInt8] {
    try TokenizerConversion.json(
      of: "spiece.model",
      TokenizerConversion.Files { (name) throws(TokenizerError) in
        if name == "tokenizer_config.json" { return Array(config.utf8) }
        return (try? Data(contentsOf: folder.appending(path: "\(kind)/\(name)"))).map { [UInt8]($0) }
      })
  }

  /// A text that ends with the last piece does not get another one, and a special piece at its beginning has no blank.
  @Test func specialPiecesAreNotRepeated() throws {
    let tokenizer = try SubwordTokenizer(json: Self.json("siglip"))
    let plain = tokenizer.encode("the rain", limit: 64).ids
    #expect(plain.last == 1 && plain.count > 2)
    #expect(tokenizer.encode("The rain!</s>", limit: 64).ids == plain)
    #expect(tokenizer.encode("</s>", limit: 64).ids == [1] && tokenizer.encode("", limit: 64).ids.last == 1)
    #expect(tokenizer.encode("the rain", limit: 3).ids == Array(plain.prefix(2)) + [1])
  }

  @Test func onlySpecialTokensMayBeAdded() throws {
    let config = #"{"added_tokens_decoder": {"167": {"content": "@USER", "special": false}}}"#
    let error = #expect(throws: TokenizerError.self) { try Self.json("siglip", config) }
    #expect(error.map { "\($0)".contains("@USER") } == true, "\(String(describing: error))")
  }

  @Test(arguments: ["siglip", "siglip-bpe"]) func stepsGrowWithTheText(kind: String) throws {
    let tokenizer = try SubwordTokenizer(json: Self.json(kind))
    for part in ["a", "the rain ", "☃", "<unk>", "   ", "cat"] {
      func steps(_ count: Int) -> Int {
        var work = StepCounter()
        _ = tokenizer.encode(String(repeating: part, count: count), limit: 64, &work)
        return work.steps
      }
      let (few, many) = (steps(500), steps(4000))
      #expect(few >= 100 && many <= 11 * few, "\(part): \(few), then \(many)")
    }
  }

  @Test func aDamagedModelIsNamed() throws {
    var file = try #require(JSONSerialization.jsonObject(with: Data(Self.json("siglip"))) as? [String: Any])
    var model = try #require(file["model"] as? [String: Any])
    model["file"] = "!"
    file["model"] = model
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: file))
    #expect(throws: TokenizerError.malformed("model.file")) { try SubwordTokenizer(json: bytes) }
  }
}

/// BERTweet's normalisation of hostile texts.
@Suite struct TweetNormalisationTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Data/hubtokenizers/bertweet")

  /// With backtracking, addresses with many brackets would take exponential time.
  @Test(arguments: ["(", "((a)", "http://(a", "a.", "-", "#a'", "1-", "&#", "@", "a@", ". ", "n't ", " p . m . "])
  func stepsGrowWithTheText(part: String) throws {
    let tokenizer = try SubwordTokenizer(
      json: TokenizerConversion.json(
        of: "bpe.codes",
        TokenizerConversion.Files { (name) throws(TokenizerError) in
          if name == "tokenizer_config.json" { return Array(#"{"normalization":true}"#.utf8) }
          return (try? Data(contentsOf: Self.folder.appending(path: name))).map { [UInt8]($0) }
        }))
    func steps(_ count: Int) -> Int {
      var work = StepCounter()
      _ = tokenizer.encode("http://a" + String(repeating: part, count: count), limit: 64, &work)
      return work.steps
    }
    let (small, large) = (steps(200), steps(2000))
    #expect(small > 200 && large < 14 * small, "\(small), \(large)")
  }
}
