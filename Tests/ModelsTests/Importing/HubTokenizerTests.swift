import Bytes
import Foundation
import Models
import Testing

/// What is read from the files of a tokenizer, and what is rejected. `InputsTests` compares the ids with `transformers`.
@Suite struct HubTokenizerTests {
  private static let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "word", "##s"]

  /// A folder with a BERT's files.
  private static func load(
    _ files: [(String, String)], words: Bool = true, isPretokenized: Bool = false
  ) throws -> TokenizerSettings {
    let folder = try TemporaryFolder()
    if words { try folder.write("vocab.txt", pieces.joined(separator: "\n") + "\n") }
    for (name, text) in files { try folder.write(name, text) }
    return try HubTokenizer.load(folder.path, isPretokenized: isPretokenized).settings
  }

  /// The tokenizer's error for a folder, in words.
  private static func fault(
    _ files: [(String, String)], words: Bool = true, isPretokenized: Bool = false
  ) throws -> HubTokenizerError? {
    do {
      _ = try load(files, words: words, isPretokenized: isPretokenized)
      return nil
    } catch let error as HubError {
      guard case .tokenizer(_, let fault) = error else { throw error }
      return fault
    }
  }

  private static func fault(_ settings: String) throws -> HubTokenizerError? {
    try fault([("tokenizer_config.json", settings)])
  }

  /// A `tokenizer.json` of these pieces; `changed` parts replace the usual ones.
  private static func tokenizer(_ changes: (String, String)...) -> (String, String) {
    let vocabulary = pieces.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
    var text = """
      {"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
      "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true},
      "pre_tokenizer":{"type":"BertPreTokenizer"},
      "post_processor":{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]},"decoder":null,
      "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
      "vocab":{\(vocabulary)}}}
      """
    for (old, new) in changes { text = text.replacing(old, with: new) }
    return ("tokenizer.json", text)
  }

  @Test func settingsOfAPlainFolderAreTheDefaults() throws {
    #expect(try Self.load([]) == TokenizerSettings())
    // The same pieces in both files: vocab.txt is kept.
    #expect(try Self.load([Self.tokenizer()]) == TokenizerSettings())
    var settings = TokenizerSettings()
    settings.kind = .wordPieceJSON
    #expect(try Self.load([Self.tokenizer()], words: false) == settings)
  }

  @Test func unknownKeysAreNamed() throws {
    #expect(try Self.fault(#"{"do_magic": false}"#) == .unknownKey("do_magic"))
    #expect(try Self.fault([("special_tokens_map.json", #"{"new_token": "x"}"#)]) == .unknownKey("new_token"))
    #expect(
      try Self.fault(#"{"cls_token": {"content": "[CLS]", "magic": true}}"#) == .unknownKey("cls_token.magic"))
    #expect(
      try Self.fault([Self.tokenizer(("\"clean_text\"", "\"magic\":1,\"clean_text\""))])
        == .unknownKey("normalizer.magic"))
    #expect("\(HubTokenizerError.unknownKey("do_magic"))".hasPrefix("do_magic is not a setting of tokenizers"))
  }

  @Test func keysWithoutEffectPass() throws {
    let keys = [
      #""model_max_length": 1000000000000000019884624838656"#, #""padding_side": "left""#, #""backend": "tokenizers""#,
      #""never_split": null"#, #""extra_special_tokens": {}"#, #""truncation_side": "right""#, #""auto_map": null"#,
    ]
    #expect(try Self.load([("tokenizer_config.json", "{\(keys.joined(separator: ","))}")]) == TokenizerSettings())
  }

  static let rejected = [
    (#"{"truncation_side": "left"}"#, "truncation_side"), (#"{"split_special_tokens": true}"#, "split_special_tokens"),
    (#"{"clean_text": false}"#, "clean_text"), (#"{"auto_map": {"AutoTokenizer": ["own.Own", null]}}"#, "auto_map"),
    (#"{"tokenizer_class": "MPNetTokenizer"}"#, "tokenizer_class"),
    (#"{"word_tokenizer_type": "mecab"}"#, "word_tokenizer_type"),
  ]

  @Test(arguments: rejected) func otherSettingsAreRejected(settings: String, key: String) throws {
    guard case .unsupported(key, _, _)? = try Self.fault(settings) else {
      Issue.record("\(settings) is not rejected")
      return
    }
  }

  @Test func filesThatContradictEachOtherAreRejected() throws {
    func key(_ files: (String, String)..., words: Bool = true) throws -> String? {
      guard case .disagrees(let key, _, _, _)? = try Self.fault(files, words: words) else { return nil }
      return key
    }
    func settings(_ json: String) -> (String, String) { ("tokenizer_config.json", json) }
    let cased = Self.tokenizer(("\"lowercase\":true", "\"lowercase\":false"))
    #expect(try key(settings(#"{"do_lower_case": false}"#), Self.tokenizer()) == "do_lower_case")
    // BERT's class lower-cases where nothing is said; a class that takes the file as it is does not.
    #expect(try key(cased) == "do_lower_case")
    #expect(try key(settings(#"{"tokenizer_class": "PreTrainedTokenizerFast"}"#), cased) == nil)
    #expect(try key(settings(#"{"do_lower_case": false}"#), cased) == nil)
    #expect(try key(settings(#"{"never_split": ["@USER"]}"#), Self.tokenizer()) == "never_split")
    #expect(try key(settings(#"{"do_basic_tokenize": false}"#), Self.tokenizer()) == "do_basic_tokenize")
    #expect(try key(settings(#"{"wordpieces_prefix": "@@"}"#), Self.tokenizer()) == "wordpieces_prefix")
    #expect(try key(Self.tokenizer(("\"word\":5", "\"word\":7"))) == "piece word")
    #expect(
      try key(settings(#"{"mask_token": "[MASK]"}"#), ("special_tokens_map.json", #"{"mask_token": "<mask>"}"#))
        == "mask_token")
    #expect(try key(settings(#"{"cls_token": "[PAD]"}"#), Self.tokenizer(), words: false) == "cls_token")
    #expect(
      try key(settings(#"{"eos_token": {"content": "[SEP]", "lstrip": true, "__type": "AddedToken"}}"#)) == "sep_token")
    #expect(
      try key(
        settings(#"{"additional_special_tokens": []}"#),
        ("special_tokens_map.json", #"{"additional_special_tokens": ["word"]}"#)) == "additional_special_tokens")
    // The vocabulary has seven pieces, so the next id is 7.
    #expect(try key(("added_tokens.json", #"{"@USER": 9}"#)) == #"the id of "@USER""#)
    #expect(try key(("added_tokens.json", #"{"@USER": 7}"#)) == nil)
    #expect(try key(("added_tokens.json", #"{"@USER": 7}"#), Self.tokenizer()) == "@USER")
  }

  @Test func dictionariesNeedWordsFromElsewhere() throws {
    let japanese = [
      (
        "tokenizer_config.json",
        #"{"do_lower_case": false, "tokenizer_class": "BertJapaneseTokenizer", "word_tokenizer_type": "mecab"}"#
      )
    ]
    #expect(try Self.fault(japanese) == .needsDictionary("BertJapaneseTokenizer"))
    #expect("\(HubTokenizerError.needsDictionary("X"))".contains("--pretokenized"))
    // The class may be named by config.json alone.
    #expect(
      try Self.fault([("config.json", #"{"tokenizer_class": "RoFormerTokenizer"}"#)])
        == .needsDictionary("RoFormerTokenizer"))
    let settings = try Self.load(japanese, isPretokenized: true)
    #expect(settings.isPretokenized && settings.remarks == ["words separated by blanks"])
    let letters = [("tokenizer_config.json", #"{"subword_tokenizer_type": "character"}"#)]
    guard case .unsupported("subword_tokenizer_type", _, _)? = try Self.fault(letters, isPretokenized: true) else {
      Issue.record("letters as pieces are not rejected")
      return
    }
    let unigram = Self.tokenizer(("\"WordPiece\"", "\"Unigram\""))
    #expect(try Self.fault([unigram], isPretokenized: true) == .notPretokenized)
  }

  @Test func addedTokensFollowTheVocabulary() throws {
    let settings = try Self.load([
      ("added_tokens.json", #"{"@USER": 7}"#),
      ("special_tokens_map.json", #"{"additional_special_tokens": [{"content": "URL", "lstrip": true}, "word"]}"#),
    ])
    let added = try #require(settings.addedTokens)
    let user = try #require(added.first { $0.text == "@USER" }),
      address = try #require(added.first { $0.text == "URL" })
    #expect(user.id == 7 && user.normalized && address.id == 8 && address.lstrip && !address.normalized)
    #expect(added.first { $0.text == "word" }?.id == 5 && added.count == 8)
  }

  @Test func theDocumentedTableIsTheProgramsList() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    let page = try String(contentsOf: root.appending(path: "docs/model.md"), encoding: .utf8)
    let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let heading = try #require(lines.firstIndex(of: "| file | keys | what becomes of them |"))
    #expect(Array(lines[(heading + 2)...].prefix { $0.hasPrefix("|") }) == HubTokenizer.documentation)
  }
}
