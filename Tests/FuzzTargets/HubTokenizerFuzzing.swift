import Inputs

/// Tokenizers of hubs that are converted to a `tokenizer.json`. The first byte chooses the kind, and with its fourth bit
/// BERTweet's normalisation; two files follow, each after its size in two bytes, and the text to tokenize.
enum HubTokenizerFuzzing {
  private static let kinds: [(main: String, class: String, files: [String])] = [
    ("merges.txt", "RobertaTokenizer", ["vocab.json", "merges.txt"]),
    ("merges.txt", "CLIPTokenizer", ["vocab.json", "merges.txt"]),
    ("sentencepiece.bpe.model", "XLMRobertaTokenizer", ["sentencepiece.bpe.model", "tokenizer_config.json"]),
    ("sentencepiece.bpe.model", "CamembertTokenizer", ["sentencepiece.bpe.model", "added_tokens.json"]),
    ("bpe.codes", "BertweetTokenizer", ["vocab.txt", "bpe.codes"]),
    ("spiece.model", "SiglipTokenizer", ["spiece.model", "tokenizer_config.json"]),
    ("spiece.model", "AlbertTokenizer", ["spiece.model", "tokenizer_config.json"]),
  ]

  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    guard let choice = bytes.first else { return false }
    let kind = kinds[Int(choice & 7) % kinds.count]
    var rest = bytes.dropFirst(), files: [String: [UInt8]] = [:]
    for name in kind.files {
      let size = rest.prefix(2).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(2)
      files[name] = Array(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    files["config.json"] = Array(#"{"tokenizer_class":"\#(kind.class)"}"#.utf8)
    if kind.main == "bpe.codes", choice & 8 != 0 {
      files["tokenizer_config.json"] = Array(#"{"normalization":true}"#.utf8)
    }
    let text = String(decoding: rest, as: UTF8.self)
    return try BrokenPromise.accepts { [files] in
      let json = try TokenizerConversion.json(
        of: kind.main, TokenizerConversion.Files { (name) throws(TokenizerError) in files[name] })
      let tokenizer: SubwordTokenizer
      do {
        tokenizer = try SubwordTokenizer(json: json)
      } catch TokenizerError.notJSON {
        throw BrokenPromise(description: "a conversion that is not JSON")
      }
      try TokenizerFuzzing.check(.subwords(tokenizer), text, pieces: tokenizer.count)
    }
  }
}
