import Bytes

/// The special and added tokens of a hub's tokenizer, and its settings, from the small files next to its vocabulary:
/// `tokenizer_config.json`, and for those that lack a list of added tokens, `special_tokens_map.json` and
/// `added_tokens.json`. Keys that are not known are errors.
struct HubTokens {
  /// A token that is matched literally.
  struct Token {
    var content: String
    var lstrip = false
    var rstrip = false
    var singleWord = false
    var normalized = false
    var isSpecial = true
  }

  /// The keys of tokens with a purpose, in the order in which they get ids.
  private static let names = [
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
  ]
  /// Keys that do not change the ids of a text.
  private static let withoutEffect: Set<String> = [
    "backend", "clean_up_tokenization_spaces", "errors", "is_local", "local_files_only", "mask_token_type_id",
    "max_length", "merges_file", "model_input_names", "model_max_length", "name_or_path", "pad_to_multiple_of",
    "pad_token_type_id", "padding_side", "processor_class", "special_tokens_map_file", "stride", "tokenizer_class",
    "tokenizer_file", "trim_offsets", "truncation_strategy", "use_fast", "vocab_file",
  ]
  /// Keys with the only supported value, as JSON.
  private static let only = [
    "init_inputs": "[]", "sp_model_kwargs": "{}", "split_special_tokens": "false",
    "truncation_side": #""right""#,
  ]

  private var named: [String: Token]
  private var added: [(id: Int, token: Token)] = []
  private var extra: [Token] = []
  private let settings: [String: JSON]

  /// Reads the files, each of which may be missing.
  ///
  /// - Parameters:
  ///   - files: the small files of the tokenizer.
  ///   - defaults: the tokens that the class of tokenizer has if no file says otherwise, by their keys.
  ///   - lowercases: whether this class writes all texts in lower case.
  ///   - flags: further keys of `tokenizer_config.json` that the caller reads, each true or false.
  /// - Throws: ``TokenizerError`` for a key or a value that is not known.
  init(
    _ files: TokenizerConversion.Files, defaults: [String: Token], lowercases: Bool = false, flags: Set<String>
  ) throws(TokenizerError) {
    named = defaults
    let config = try files.object("tokenizer_config.json"), hasDecoder = config["added_tokens_decoder"] != nil
    var texts = config
    if !hasDecoder { texts.merge(try files.object("special_tokens_map.json")) { _, map in map } }
    for (key, value) in texts.sorted(by: { $0.key < $1.key }) where !value.isNull {
      if Self.names.contains(key) {
        named[key] = try Self.token(value, at: key)
      } else if key == "additional_special_tokens" || key == "extra_special_tokens" {
        guard let list = value.asList else { throw .malformed("tokenizer_config.json: \(key)") }
        for entry in list { extra.append(try Self.token(entry, at: key)) }
      } else if key == "added_tokens_decoder" {
        guard case .object(let members) = value else { throw .malformed("tokenizer_config.json: \(key)") }
        for member in members {
          guard let id = Int(member.key.text), id >= 0 else { throw .malformed("tokenizer_config.json: \(key)") }
          added.append((id, try Self.token(member.value, at: key)))
        }
      } else if flags.contains(key) {
        guard value.asBool != nil else { throw .malformed("tokenizer_config.json: \(key)") }
      } else if let only = ByteText(key) == "do_lower_case" ? "\(lowercases)" : Self.only[key] {
        guard value.text() == only else { throw .unsupported("tokenizer_config.json: \(key)", value.text()) }
      } else if !Self.withoutEffect.contains(key) {
        throw .unsupported("tokenizer_config.json", key)
      }
    }
    settings = config
    guard !hasDecoder else { return }
    let special = Set(named.values.map { ByteText($0.content) } + extra.map { ByteText($0.content) })
    for (content, value) in try files.object("added_tokens.json") {
      guard let id = value.asInteger, id >= 0, !content.isEmpty else { throw .malformed("added_tokens.json") }
      let isSpecial = special.contains(ByteText(content))
      added.append((id, Token(content: content, normalized: !isSpecial, isSpecial: isSpecial)))
    }
  }

  /// A flag of `tokenizer_config.json`.
  func flag(_ key: String, _ standard: Bool) -> Bool { settings[key]?.asBool ?? standard }

  /// The text of a token with a purpose.
  func text(_ name: String) throws(TokenizerError) -> String {
    guard let token = named[name] else { throw .malformed("tokenizer_config.json: \(name)") }
    return token.content
  }

  /// All tokens and their ids: those in the vocabulary have its ids, all others the next free ones.
  ///
  /// - Parameters:
  ///   - vocabulary: the pieces' ids.
  ///   - control: tokens that the vocabulary itself marks as literal.
  /// - Returns: the tokens, by id.
  /// - Throws: ``TokenizerError`` if a file gives a token another id.
  func all(
    _ vocabulary: [ByteText: Int], control: [Token] = []
  ) throws(TokenizerError) -> [(id: Int, token: Token)] {
    let listed = added.sorted { $0.id < $1.id }
    var flags: [ByteText: Token] = [:]
    for entry in listed { flags[ByteText(entry.token.content)] = entry.token }
    var wanted = listed.map { (id: Int?.some($0.id), token: $0.token) }
    for token in Self.names.compactMap({ named[$0] }) + extra + control {
      wanted.append((nil, flags[ByteText(token.content)] ?? token))
    }
    var ids: [ByteText: Int] = [:], all: [(id: Int, token: Token)] = []
    var free = (vocabulary.values.max() ?? -1) + 1
    for (id, token) in wanted where ids[ByteText(token.content)] == nil {
      let given = vocabulary[ByteText(token.content)] ?? free
      guard id == nil || id == given else {
        throw .unsupported("added_tokens_decoder", "\(token.content) is \(id ?? 0), but it would be \(given)")
      }
      if given == free { free += 1 }
      ids[ByteText(token.content)] = given
      all.append((given, token))
    }
    return all
  }

  private static func token(_ value: JSON, at key: String) throws(TokenizerError) -> Token {
    if let text = value.asString, !text.isEmpty { return Token(content: text) }
    guard case .object = value, let text = value["content"]?.asString, !text.isEmpty else {
      throw .malformed("tokenizer_config.json: \(key)")
    }
    func flag(_ name: ByteText) -> Bool? { value[name]?.asBool }
    let isSpecial = flag("special") ?? (key != "added_tokens_decoder")
    return Token(
      content: text, lstrip: flag("lstrip") ?? false, rstrip: flag("rstrip") ?? false,
      singleWord: flag("single_word") ?? false, normalized: flag("normalized") ?? !isSpecial, isSpecial: isSpecial)
  }
}

extension JSON {
  fileprivate var isNull: Bool { if case .null = self { true } else { false } }
}
