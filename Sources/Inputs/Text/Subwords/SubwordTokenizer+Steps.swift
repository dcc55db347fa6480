import Bytes

// The steps before and after a tokenizer's pieces, from its `tokenizer.json`.
extension SubwordTokenizer {
  /// What is done to a text before it is split.
  static func normalisation(_ step: JSON?) throws(TokenizerError) -> [NormalisationStep] {
    guard let step else { return [] }
    let type = try SubwordStepKeys.type(of: step, .normalizer), path = "normalizer: \(type)"
    switch type {
    case "Sequence":
      guard let parts = step["normalizers"]?.asList else { throw .malformed("\(path).normalizers") }
      var all: [NormalisationStep] = []
      for part in parts { all += try normalisation(part) }
      return all
    case "NFC": return [.composed]
    case "NFKC": return [.decomposed(isCompatible: true), .composed]
    case "NFD": return [.decomposed(isCompatible: false)]
    case "NFKD": return [.decomposed(isCompatible: true)]
    case "StripAccents": return [.withoutMarks]
    case "TweetNormalizer": return [.tweets]
    case "CanonicalText": return [.canonical(isLower: try step.flag("lowercase", true, of: path))]
    case "Lowercase": return [.lowercased]
    case "Replace": return [try replacement(step, at: path)]
    case "Strip":
      return [
        .trimmed(
          start: try step.flag("strip_left", true, of: path), end: try step.flag("strip_right", true, of: path))
      ]
    default:
      guard let text = step["precompiled_charsmap"]?.asString, let bytes = Base64.bytes(text),
        let map = Charsmap(bytes)
      else { throw .malformed("normalizer.precompiled_charsmap") }
      return [.mapped(map)]
    }
  }

  private static func replacement(_ step: JSON, at path: String) throws(TokenizerError) -> NormalisationStep {
    guard case .object(let pattern)? = step["pattern"], pattern.count == 1, let text = pattern[0].value.asString,
      let content = step["content"]?.asString
    else { throw .malformed("\(path).pattern") }
    switch (pattern[0].key.text, text, content) {
    case ("String", let text, _) where !text.isEmpty: return .replaced(Array(text.utf8), Array(content.utf8))
    case ("Regex", "\\s+", " "): return .blanked
    case ("Regex", " {2,}", " "): return .singleBlanks
    case ("Regex", "\\s{2,}|[\\n\\r\\t]", " "): return .singleLines
    case ("Regex", let text, ""):
      guard let set = characters(text) else { throw .unsupported(path, text) }
      return .without(set)
    default: throw .unsupported(path, text)
    }
  }

  /// The characters of a pattern that is a class of single ASCII characters, such as `[!\?\]]`; nil for any other
  /// pattern.
  private static func characters(_ pattern: String) -> Set<Unicode.Scalar>? {
    var rest = pattern.unicodeScalars[...], set: Set<Unicode.Scalar> = []
    guard rest.popFirst() == "[", rest.popLast() == "]", rest.first != "^" else { return nil }
    while let scalar = rest.popFirst() {
      let isEscaped = scalar == "\\"
      guard let sign = isEscaped ? rest.popFirst() : scalar else { return nil }
      let isWord = ("0"..."9").contains(sign) || ("a"..."z").contains(sign) || ("A"..."Z").contains(sign)
      // Without a backslash these have a special meaning; letters after one do.
      guard sign.isASCII, !isWord, isEscaped || !["-", "[", "]", "&"].contains(sign) else { return nil }
      set.insert(sign)
    }
    return set.isEmpty ? nil : set
  }

  /// The words' form. CLIP's pattern is in a `Split`, GPT-2's in `ByteLevel` itself.
  static func words(_ step: JSON?) throws(TokenizerError) -> Words {
    guard let step else { throw .malformed("pre_tokenizer") }
    var parts = [step], kinds = [try SubwordStepKeys.type(of: step, .preTokenizer)]
    if kinds == ["Sequence"] {
      guard let list = step["pretokenizers"]?.asList else { throw .malformed("pre_tokenizer: Sequence.pretokenizers") }
      (parts, kinds) = (list, [])
      for part in list { kinds.append(try SubwordStepKeys.type(of: part, .preTokenizer)) }
    }
    switch kinds {
    case ["ByteLevel"]: return .bytes(.gpt2, blankFirst: try blankFirst(parts[0]))
    case ["Split", "ByteLevel"]:
      let path = "pre_tokenizer: Split"
      guard let pattern = parts[0]["pattern"]?["Regex"]?.asString, ByteText(pattern) == ByteText(Self.clipPattern)
      else { throw .unsupported(path, parts[0]["pattern"]?["Regex"]?.asString ?? "another pattern") }
      let behavior = parts[0]["behavior"]?.asString ?? "nothing"
      guard behavior == "Removed" else { throw .unsupported("\(path).behavior", behavior) }
      guard try parts[0].flag("invert", false, of: path) else { throw .unsupported("\(path).invert", "false") }
      // It would add a blank to every word.
      guard try !blankFirst(parts[1]) else { throw .unsupported("pre_tokenizer: ByteLevel.add_prefix_space", "true") }
      return .bytes(.clip, blankFirst: false)
    case ["TweetWords"]: return .blanks
    case ["Whole"]: return .whole
    case ["Metaspace"], ["WhitespaceSplit", "Metaspace"]:
      return .metaspace(adds: try addsBlank(parts[parts.count - 1]), splits: parts.count == 2)
    default: throw .unsupported("pre_tokenizer", kinds.joined(separator: ", "))
    }
  }

  private static func blankFirst(_ step: JSON) throws(TokenizerError) -> Bool {
    let path = "pre_tokenizer: ByteLevel"
    guard try step.flag("use_regex", true, of: path) else { throw .unsupported("\(path).use_regex", "false") }
    return try step.flag("add_prefix_space", true, of: path)
  }

  private static func addsBlank(_ step: JSON) throws(TokenizerError) -> Bool {
    let path = "pre_tokenizer: Metaspace", adds = try step.flag("add_prefix_space", true, of: path)
    let scheme = step["prepend_scheme"]?.asString ?? (adds ? "always" : "never")
    guard step["replacement"]?.asString == "▁" else {
      throw .unsupported("\(path).replacement", step["replacement"]?.asString ?? "nothing")
    }
    guard try step.flag("split", true, of: path) else { throw .unsupported("\(path).split", "false") }
    guard ["always", "never"].contains(scheme) else { throw .unsupported("\(path).prepend_scheme", scheme) }
    guard adds || scheme == "never" else { throw .unsupported("\(path).add_prefix_space", "false") }
    return scheme == "always"
  }

  /// The pieces before every text, if there is one, and after it.
  static func ends(_ step: JSON?) throws(TokenizerError) -> (opening: Int32?, closing: Int32) {
    let type = try SubwordStepKeys.type(of: step, .postProcessor)
    switch type {
    case "RobertaProcessing", "BertProcessing":
      guard let opening = step?["cls"]?.asList?.last?.id, let closing = step?["sep"]?.asList?.last?.id else {
        throw .malformed("post_processor")
      }
      return (opening, closing)
    case "Sequence":
      guard let list = step?["processors"]?.asList else { throw .malformed("post_processor: Sequence.processors") }
      var others: [JSON] = []
      for part in list where try SubwordStepKeys.type(of: part, .postProcessor) != "ByteLevel" { others.append(part) }
      guard others.count == 1, others[0]["type"]?.asString != "Sequence" else {
        throw .unsupported("post_processor: Sequence", "\(others.count) steps that add pieces")
      }
      return try ends(others[0])
    case "TemplateProcessing": return try template(step)
    default: throw .unsupported("post_processor", type)
    }
  }

  private static func template(_ step: JSON?) throws(TokenizerError) -> (opening: Int32?, closing: Int32) {
    let path = "post_processor: TemplateProcessing", parts = step?["single"]?.asList ?? []
    for part in parts {
      let type = (part["SpecialToken"] ?? part["Sequence"])?["type_id"]?.asInteger ?? 0
      guard type == 0 else { throw .unsupported("\(path).single", "the type \(type)") }
    }
    let names = parts.map { $0["SpecialToken"]?["id"]?.asString }
    // The text itself is not a special piece.
    guard (2...3).contains(names.count), names[names.count - 2] == nil, let last = names[names.count - 1],
      names.count == 2 || names[0] != nil
    else { throw .unsupported("post_processor", "another template than one piece behind, or one before as well") }
    func id(_ name: String) throws(TokenizerError) -> Int32 {
      guard let ids = step?["special_tokens"]?[ByteText(name)]?["ids"]?.asList else { throw .missingPiece(name) }
      guard ids.count == 1, let id = ids[0].id else {
        throw .unsupported("\(path).special_tokens", "several for \(name)")
      }
      return id
    }
    var opening: Int32?
    if names.count == 3, let first = names[0] { opening = try id(first) }
    return (opening, try id(last))
  }
}
