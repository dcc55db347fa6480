import Bytes

// How word pieces are found, in `tokenizer_config.json` and `tokenizer.json`.
extension HubTokenizerFiles {
  /// Classes with word pieces, without `Fast` at their end.
  private static let wordPieceClasses: Set<String> = [
    "BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "PreTrainedTokenizer", "TokenizersBackend",
  ]

  /// Checks the class and the parts of a `tokenizer.json` with word pieces.
  func checkWordPieces(isPretokenized: Bool) throws(HubError) {
    if let kind = tokenizerClass, !isPretokenized, !Self.wordPieceClasses.contains(kind) {
      throw fault(
        .configuration,
        .unsupported(
          key: "tokenizer_class", value: kind, why: "with word pieces, only those of BERT, DistilBERT and ELECTRA are"))
    }
    guard let tokenizer else { return }
    do throws(HubTokenizerError) {
      try HubTokenizerKeys.check(tokenizer, of: .tokenizer)
      for (part, allowed) in [
        ("model", ["WordPiece"]), ("normalizer", ["BertNormalizer"]), ("pre_tokenizer", ["BertPreTokenizer"]),
        ("post_processor", ["TemplateProcessing", "BertProcessing"]),
      ] {
        guard let value = tokenizer[ByteText(part)] else { throw .malformed(part) }
        try HubTokenizerKeys.check(value, of: .tokenizer, at: part)
        let kind = value["type"]?.asString ?? (part == "model" ? "WordPiece" : "absent")
        guard allowed.contains(kind) else {
          throw .unsupported(
            key: "\(part).type", value: kind, why: "with word pieces it must be \(allowed.joined(separator: " or "))")
        }
      }
      if let truncation = tokenizer["truncation"] {
        try HubTokenizerKeys.check(truncation, of: .tokenizer, at: "truncation")
      }
      for token in tokenizer["added_tokens"]?.asList ?? [] {
        try HubTokenizerKeys.check(token, of: .tokenizer, at: "added_tokens[]")
      }
    } catch {
      throw fault(.tokenizer, error)
    }
  }

  /// Reads case, accents, Chinese characters, and which words are not split.
  func readRules(into settings: inout TokenizerSettings) throws(HubError) {
    func flag(_ key: String) throws(HubError) -> Bool? {
      guard let value = configuration?[ByteText(key)] else { return nil }
      guard let flag = value.asBool else { throw fault(.configuration, .malformed(key)) }
      return flag
    }
    let lowercase = try flag("do_lower_case"), accents = try flag("strip_accents")
    let chinese = try flag("tokenize_chinese_chars")
    settings.lowercase = lowercase ?? true
    settings.stripAccents = accents ?? settings.lowercase
    settings.separatesChinese = chinese ?? true
    settings.isPretokenized = try flag("do_basic_tokenize") == false
    if let words = configuration?["never_split"] {
      let texts = words.asList?.compactMap(\.asString) ?? []
      guard texts.count == words.asList?.count, texts.allSatisfy({ !$0.isEmpty }) else {
        throw fault(.configuration, .malformed("never_split"))
      }
      settings.neverSplit = texts.map { ByteText($0) }
    }
    guard let tokenizer else { return }
    if settings.isPretokenized || !settings.neverSplit.isEmpty {
      throw fault(
        .configuration,
        .disagrees(
          key: settings.isPretokenized ? "do_basic_tokenize" : "never_split",
          value: settings.isPretokenized ? "false" : settings.neverSplit.map(\.text).listed(most: 3),
          file: "tokenizer.json", other: "that words are always split"))
    }
    func part(_ key: ByteText, or fallback: Bool? = nil) throws(HubError) -> Bool {
      guard let flag = tokenizer["normalizer"]?[key]?.asBool ?? fallback else {
        throw fault(.tokenizer, .malformed("normalizer.\(key)"))
      }
      return flag
    }
    let own = (lowercase: try part("lowercase"), chinese: try part("handle_chinese_chars"))
    let ownAccents = try part("strip_accents", or: own.lowercase)
    for (key, given, effective, other) in [
      ("do_lower_case", lowercase, settings.lowercase, own.lowercase),
      ("strip_accents", accents, settings.stripAccents, ownAccents),
      ("tokenize_chinese_chars", chinese, settings.separatesChinese, own.chinese),
    ] {
      // A class that takes tokenizer.json as it is has no defaults of its own.
      let value = given ?? (isBert ? effective : other)
      guard value == other else {
        throw fault(
          .configuration,
          .disagrees(
            key: key, value: given == nil ? "absent, that is \(value)" : "\(value)", file: "tokenizer.json",
            other: "\(other)"))
      }
    }
    (settings.lowercase, settings.stripAccents) = (own.lowercase, ownAccents)
    settings.separatesChinese = own.chinese
  }

  /// Reads the pieces with a meaning, the prefix and the limit of a word.
  func readNames(_ names: [String: NamedToken], into settings: inout TokenizerSettings) throws(HubError) {
    if let tokenizer, let model = tokenizer["model"] {
      guard let unknown = model["unk_token"]?.asString, let prefix = model["continuing_subword_prefix"]?.asString,
        !unknown.isEmpty, !prefix.isEmpty, let limit = model["max_input_chars_per_word"]?.asInteger,
        (1...65_536).contains(limit)
      else { throw fault(.tokenizer, .malformed("model")) }
      let ends = try ends(tokenizer["post_processor"])
      (settings.unknown, settings.first, settings.last) = (ByteText(unknown), ends.first, ends.last)
      (settings.prefix, settings.wordLimit) = (ByteText(prefix), limit)
      for (key, own) in [("unk_token", settings.unknown), ("cls_token", ends.first), ("sep_token", ends.last)] {
        guard let named = names[key], named.text != own else { continue }
        throw fault(
          named.file,
          .disagrees(
            key: key, value: named.isDefault ? "absent, that is \(named.text)" : named.text.text,
            file: "tokenizer.json",
            other: own.text))
      }
    } else {
      for (key, place) in [
        ("unk_token", \TokenizerSettings.unknown), ("cls_token", \.first), ("sep_token", \.last),
      ] {
        guard let named = names[key] else { throw fault(.configuration, .malformed(key)) }
        settings[keyPath: place] = named.text
      }
    }
    if let prefix = configuration?["wordpieces_prefix"]?.asString, ByteText(prefix) != settings.prefix {
      throw fault(
        .configuration,
        .disagrees(
          key: "wordpieces_prefix", value: prefix, file: tokenizer == nil ? "vocab.txt" : "tokenizer.json",
          other: settings.prefix.text))
    }
  }

  /// The first and the last piece of every text.
  private func ends(_ step: JSON?) throws(HubError) -> (first: ByteText, last: ByteText) {
    func piece(_ key: ByteText) -> ByteText? { (step?[key]?.asList?.first?.asString).map { ByteText($0) } }
    if step?["type"]?.asString == "BertProcessing" {
      guard let first = piece("cls"), let last = piece("sep") else {
        throw fault(.tokenizer, .malformed("post_processor"))
      }
      return (first, last)
    }
    let single = step?["single"]?.asList ?? [], special = single.map { $0["SpecialToken"] }
    let isFirstType = single.allSatisfy { ($0["SpecialToken"] ?? $0["Sequence"])?["type_id"]?.asInteger == 0 }
    guard special.count == 3, isFirstType, special[1] == nil, let first = special[0]?["id"]?.asString,
      let last = special[2]?["id"]?.asString
    else {
      throw fault(
        .tokenizer,
        .unsupported(
          key: "post_processor.single", value: "another template", why: "it must be one piece, the text, one piece"))
    }
    return (ByteText(first), ByteText(last))
  }

  /// Checks that the small files say what a `tokenizer.json` of another kind says.
  func checkSubwords() throws(HubError) {
    guard let tokenizer else { return }
    let steps = [tokenizer["pre_tokenizer"]].compactMap(\.self)
    let levels = (steps + (steps.first?["pretokenizers"]?.asList ?? [])).filter { $0["type"]?.asString == "ByteLevel" }
    if let own = levels.first?["add_prefix_space"]?.asBool,
      let given = configuration?["add_prefix_space"]?.asBool, given != own
    {
      throw fault(
        .configuration,
        .disagrees(key: "add_prefix_space", value: "\(given)", file: "tokenizer.json", other: "\(own)"))
    }
    // A file without a list is reported when the texts are read.
    if tokenizer["added_tokens"]?.asList != nil { try checkListed(try listedTokens(), as: try ownTokens()) }
  }
}
