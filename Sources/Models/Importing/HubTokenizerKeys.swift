import Bytes

/// The keys of the small files of a tokenizer, each with what becomes of it. The table in `docs/model.md` lists them; a
/// key that is not here is an error.
struct HubTokenizerKeys: Sendable {
  /// What becomes of a key.
  enum Fate: Sendable {
    /// It is used, as the words say.
    case honoured
    /// It changes no ids.
    case noEffect
    /// It is an error unless it is not set or has one of these values.
    case rejected(unless: [String])
  }

  /// A file of a tokenizer.
  enum File: String, CaseIterable, Sendable {
    case configuration = "tokenizer_config.json"
    case specialTokens = "special_tokens_map.json"
    case addedTokens = "added_tokens.json"
    case tokenizer = "tokenizer.json"
  }

  let file: File
  /// The keys, with their paths; `[]` is any member of a list, `*` any key.
  let names: [String]
  let fate: Fate
  let words: String

  private init(_ file: File, _ names: [String], _ fate: Fate, _ words: String) {
    (self.file, self.names, self.fate, self.words) = (file, names, fate, words)
  }

  /// The names of the special tokens, in the order in which `transformers` adds those that are not in the vocabulary.
  static let specialTokens = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]

  private static let flags = ["content", "lstrip", "rstrip", "single_word", "normalized", "special"]

  /// All keys.
  static let all: [HubTokenizerKeys] = [
    .init(
      .configuration, ["tokenizer_class"], .honoured,
      "for word pieces those of BERT, DistilBERT and ELECTRA, and those that take tokenizer.json as it is; classes that split "
        + "words with a dictionary are rejected without `--pretokenized`"),
    .init(
      .configuration, ["do_lower_case", "strip_accents", "tokenize_chinese_chars"], .honoured,
      "for word pieces; a tokenizer.json must say the same. In other kinds tokenizer.json alone decides"),
    .init(
      .configuration, ["do_basic_tokenize"], .honoured,
      "if false, words are separated by blanks alone, as with `--pretokenized`; then a tokenizer.json is rejected"),
    .init(
      .configuration, ["never_split"], .honoured,
      "words between blanks that stay whole; rejected with a tokenizer.json, or with added tokens that are `normalized`"
    ),
    .init(
      .configuration, specialTokens, .honoured,
      "found in a text, with the blanks that their flags say; unknown, first and last piece"),
    .init(
      .configuration, ["added_tokens_decoder", "additional_special_tokens", "extra_special_tokens"], .honoured,
      "found in a text before its words are, with all their flags; an id that the vocabulary does not give is rejected"),
    .init(
      .configuration, ["wordpieces_prefix"], .honoured, "must be the prefix of the pieces that continue a word"),
    .init(
      .configuration, ["add_prefix_space"], .honoured, "must be what tokenizer.json says; no effect on word pieces"),
    .init(
      .configuration, ["clean_text"], .rejected(unless: ["true"]), "control characters are always removed"),
    .init(
      .configuration, ["word_tokenizer_type"], .rejected(unless: ["\"basic\""]),
      "a dictionary would find the words; tokenize the column in advance and give `--pretokenized`"),
    .init(
      .configuration, ["subword_tokenizer_type"], .rejected(unless: ["\"wordpiece\""]),
      "of the classes with a dictionary only those with word pieces can be used"),
    .init(
      .configuration, ["mecab_kwargs", "sudachi_kwargs", "jumanpp_kwargs"], .rejected(unless: []),
      "as `word_tokenizer_type`; no effect with `--pretokenized`"),
    .init(
      .configuration, ["truncation_side"], .rejected(unless: ["\"right\""]), "long texts are cut at their end"),
    .init(
      .configuration,
      [
        "split_special_tokens", "add_bos_token", "add_eos_token", "normalization", "sp_model_kwargs", "auto_map",
        "init_inputs",
      ],
      .rejected(unless: []), "they change ids, or need code of the folder's"),
    .init(
      .configuration,
      [
        "model_max_length", "max_len", "max_length", "padding", "padding_side", "pad_to_multiple_of",
        "pad_token_type_id",
        "stride", "truncation", "truncation_strategy", "truncate",
      ], .noEffect, "clfa has its own limits, `--max-text` and `--max-knowledge`, and does not pad"),
    .init(
      .configuration,
      [
        "clean_up_tokenization_spaces", "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output",
        "spaces_between_special_tokens", "errors", "trim_offsets", "return_offsets_mapping", "return_token_type_ids",
        "model_input_names",
      ], .noEffect, "about text made from ids, places in the text, or what else is returned"),
    .init(
      .configuration,
      [
        "vocab_file", "tokenizer_file", "merges_file", "full_tokenizer_file", "special_tokens_map_file", "name_or_path",
        "_name_or_path", "is_local", "local_files_only", "cache_dir", "use_fast", "from_slow", "legacy", "backend",
        "files_loaded", "processor_class", "feature_extractor_type", "image_processor_type", "model_type",
        "chat_template", "verbose",
        "transformers_version", "_commit_hash", "revision", "use_auth_token", "trust_remote_code",
      ], .noEffect, "about where the files come from and what reads them"),
    .init(
      .configuration, ["keep_accents", "remove_space", "split_by_punct", "unk_id", "extra_ids"], .noEffect,
      "about making tokenizer.json, which alone decides"),
    .init(.specialTokens, specialTokens, .honoured, "as in tokenizer_config.json, which must have the same tokens"),
    .init(
      .specialTokens, ["additional_special_tokens", "extra_special_tokens"], .honoured, "as in tokenizer_config.json"),
    .init(
      .addedTokens, ["*"], .honoured,
      "tokens and their ids, which the vocabulary must give, too; found in normalized text"),
    .init(
      .tokenizer,
      [
        "model", "model.type", "model.vocab", "model.unk_token", "model.continuing_subword_prefix",
        "model.max_input_chars_per_word",
      ], .honoured, "for word pieces; a vocab.txt beside it must have the same pieces"),
    .init(
      .tokenizer,
      [
        "normalizer", "normalizer.type", "normalizer.lowercase", "normalizer.strip_accents",
        "normalizer.handle_chinese_chars",
      ], .honoured, "`BertNormalizer`"),
    .init(
      .tokenizer, ["normalizer.clean_text"], .rejected(unless: ["true"]), "control characters are always removed"),
    .init(.tokenizer, ["pre_tokenizer", "pre_tokenizer.type"], .honoured, "`BertPreTokenizer`"),
    .init(
      .tokenizer,
      [
        "post_processor", "post_processor.type", "post_processor.single", "post_processor.special_tokens",
        "post_processor.cls", "post_processor.sep",
      ], .honoured,
      "the first and the last piece: `TemplateProcessing` with one of each, or `BertProcessing`"),
    .init(.tokenizer, ["post_processor.pair"], .noEffect, "about pairs of texts"),
    .init(
      .tokenizer, ["added_tokens"] + (["id"] + flags).map { "added_tokens[].\($0)" }, .honoured,
      "found in a text before its words are, in the text as posted or in the normalized text"),
    .init(.tokenizer, ["truncation.direction"], .rejected(unless: ["\"Right\""]), "long texts are cut at their end"),
    .init(
      .tokenizer,
      [
        "version", "decoder", "padding", "truncation", "truncation.max_length", "truncation.strategy",
        "truncation.stride",
      ],
      .noEffect, "about lengths, or text made from ids"),
  ]

  /// The lines of the documented table.
  static var documentation: [String] {
    all.map { keys in
      let names = keys.names.map { "`\($0)`" }.joined(separator: ", ")
      let fate =
        switch keys.fate {
        case .honoured: "used"
        case .noEffect: "no effect on ids"
        case .rejected(let unless):
          "rejected unless " + (unless.map { "`\($0)`" } + ["not set"]).joined(separator: " or ")
        }
      return "| `\(keys.file.rawValue)` | \(names) | \(fate): \(keys.words) |"
    }
  }

  /// What becomes of a key; nil if it is not known.
  static func keys(_ name: String, of file: File) -> HubTokenizerKeys? {
    all.first { $0.file == file && $0.names.contains { ByteText($0) == ByteText(name) || $0 == "*" } }
  }

  /// Throws for an unknown key of an object, or one with a value that is rejected; `path`: the object's own key.
  static func check(
    _ value: JSON, of file: File, at path: String = "", allowing allowed: [String] = []
  ) throws(HubTokenizerError) {
    guard case .object(let members) = value else { throw .malformed(path.isEmpty ? "the file" : path) }
    for member in members {
      let name = path.isEmpty ? member.key.text : "\(path).\(member.key)"
      guard let keys = keys(name, of: file) else { throw .unknownKey(name) }
      guard case .rejected(let unless) = keys.fate, !allowed.contains(name) else { continue }
      // Where true is usual, false is a setting.
      if unless.contains("true"), member.value.asBool == false {
        throw .unsupported(key: name, value: "false", why: keys.words)
      }
      if member.value.isUnset { continue }
      let text = member.value.text(.spaced)
      guard unless.contains(text) else { throw .unsupported(key: name, value: text, why: keys.words) }
    }
  }
}

extension JSON {
  /// Whether it is null, false or empty: a setting that is not set.
  fileprivate var isUnset: Bool {
    switch self {
    case .null, .bool(false): true
    case .string(let text): text.isEmpty
    case .array(let values): values.isEmpty
    case .object(let members): members.isEmpty
    default: false
    }
  }
}

/// Why a tokenizer's files cannot be used.
package enum HubTokenizerError: Error, Equatable, Sendable {
  /// A key that is not known.
  case unknownKey(String)
  /// A value of another type, or one that is missing.
  case malformed(String)
  /// A setting that is not supported.
  case unsupported(key: String, value: String, why: String)
  /// A setting that another file contradicts.
  case disagrees(key: String, value: String, file: String, other: String)
  /// A class of tokenizers that split words with a dictionary.
  case needsDictionary(String)
  /// Words separated by blanks with a kind of tokenizer that reads blanks itself.
  case notPretokenized
}

extension HubTokenizerError: CustomStringConvertible {
  /// The message, without the file's path.
  package var description: String {
    switch self {
    case .unknownKey(let key):
      "\(key.printable) is not a setting of tokenizers that clfa knows, and it may change how texts are split; if it does not, "
        + "remove it from the file"
    case .malformed(let key): "\(key.printable) is missing or of the wrong kind"
    case .unsupported(let key, let value, let why):
      "\(key.printable) is \(value.printable(upTo: 120)), which is not supported: \(why)"
    case .disagrees(let key, let value, let file, let other):
      "\(key.printable) is \(value.printable(upTo: 120)), but \(file) says \(other.printable(upTo: 120)); correct the file that "
        + "the encoder was not trained with"
    case .needsDictionary(let kind):
      "\(kind.printable) finds words with a dictionary (MeCab, Sudachi, Juman++ or jieba), which clfa does not have; put the "
        + "words of each text, separated by blanks, into a column of their own, and give that column and --pretokenized"
    case .notPretokenized:
      "--pretokenized is for tokenizers with word pieces; this one reads the blanks of a text itself"
    }
  }
}
