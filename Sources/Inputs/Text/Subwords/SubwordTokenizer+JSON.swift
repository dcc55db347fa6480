import Bytes
import Foundation

extension SubwordTokenizer {
  /// The maximum size of a `tokenizer.json` in bytes; the largest in common use has forty million.
  package static let byteLimit = 64 << 20
  /// The maximum number of pieces.
  static let pieceLimit = 1 << 20

  /// Reads a hub's `tokenizer.json`. O(bytes · log pieces).
  ///
  /// - Throws: ``TokenizerError``, with the part that is invalid or not supported.
  package init(json bytes: [UInt8]) throws(TokenizerError) {
    guard bytes.count <= Self.byteLimit else { throw .tooLarge(limit: Self.byteLimit) }
    let file: JSON
    do {
      file = try JSONParser.parse(bytes)
    } catch {
      throw .notJSON(at: error.place)
    }
    try Self.check(file, "the file", Self.keys)
    if let direction = file["truncation"]?["direction"]?.text, direction != "Right" {
      throw .unsupported("truncation.direction", direction)
    }
    normalisation = try Self.normalisation(file["normalizer"], at: "normalizer")
    words = try Self.words(file["pre_tokenizer"])
    let model = try file.part("model")
    let addedTokens = try Self.addedTokens(file["added_tokens"])
    let known: [ByteText: Int32]
    switch model["type"]?.text {
    case "BPE": (pieces, known, unknown) = try Self.bytePairs(model, words: words)
    case "Unigram": (pieces, known, unknown) = try Self.unigram(model)
    case Self.tweetModel: (pieces, known, unknown) = try Self.tweets(model)
    case let other: throw .unsupported("model.type", other ?? "nothing")
    }
    literal = .literal(addedTokens)
    normalised = .normalised(addedTokens) { [normalisation] bytes in
      var work = StepCounter()
      return Array(normalisation.reduce(String(decoding: bytes, as: UTF8.self)) { $1($0, &work) }.utf8)
    }
    if let token = normalised.unusable {
      throw .unsupported("added_tokens", String(decoding: token.bytes, as: UTF8.self))
    }
    var byText = known
    for literal in addedTokens { byText[ByteText(String(decoding: literal.bytes, as: UTF8.self))] = literal.id }
    count = Int(byText.values.max() ?? -1) + 1
    (opening, closing) = try Self.ends(file["post_processor"], byText)
  }

  private static let keys: Set = [
    "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder",
    "model",
  ]
  private static let bytePairKeys: Set = [
    "type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
    "ignore_merges", "vocab", "merges",
  ]

  /// Names a key that may change the ids in a way that is not known here.
  private static func check(_ object: JSON, _ path: String, _ keys: Set<String>) throws(TokenizerError) {
    guard case .object(let members) = object else { throw .malformed(path) }
    for member in members where !keys.contains(member.key.text) { throw .unsupported(path, member.key.text) }
  }

  private static func normalisation(_ step: JSON?, at path: String) throws(TokenizerError) -> [NormalisationStep] {
    guard let step, !step.isNull else { return [] }
    switch step["type"]?.text {
    case "Sequence":
      var all: [NormalisationStep] = []
      for part in step["normalizers"]?.list ?? [] { all += try normalisation(part, at: path) }
      return all
    case "NFC": return [.composed]
    case "TweetNormalizer": return [.tweets]
    case "Lowercase": return [.lowercased]
    case "Replace":
      switch (step["pattern"]?["Regex"]?.text, step["content"]?.text) {
      case ("\\s+", " "): return [.blanked]
      case (" {2,}", " "): return [.singleBlanks]
      case (let pattern?, ""):
        guard let set = characters(pattern) else { throw .unsupported("\(path): Replace", pattern) }
        return [.without(set)]
      case (let pattern, _): throw .unsupported("\(path): Replace", pattern ?? "something else than a pattern")
      }
    case "Strip":
      return [.trimmed(start: step["strip_left"]?.flag ?? true, end: step["strip_right"]?.flag ?? true)]
    case "Precompiled":
      guard let text = step["precompiled_charsmap"]?.text, let bytes = Base64.bytes(text), let map = Charsmap(bytes)
      else { throw .malformed("\(path).precompiled_charsmap") }
      return [.mapped(map)]
    case let other: throw .unsupported(path, other ?? "nothing")
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
  private static func words(_ step: JSON?) throws(TokenizerError) -> Words {
    guard let step else { throw .malformed("pre_tokenizer") }
    let parts = step["type"]?.text == "Sequence" ? step["pretokenizers"]?.list ?? [] : [step]
    var kinds: [String] = []
    for part in parts { kinds.append(part["type"]?.text ?? "nothing") }
    switch kinds {
    case ["ByteLevel"]:
      guard parts[0]["use_regex"]?.flag != false else { throw .unsupported("pre_tokenizer", "use_regex false") }
      return .bytes(.gpt2, blankFirst: parts[0]["add_prefix_space"]?.flag ?? true)
    case ["Split", "ByteLevel"]:
      guard let pattern = parts[0]["pattern"]?["Regex"]?.text, ByteText(pattern) == ByteText(Self.clipPattern) else {
        throw .unsupported("pre_tokenizer: Split", parts[0]["pattern"]?["Regex"]?.text ?? "another pattern")
      }
      return .bytes(.clip, blankFirst: parts[1]["add_prefix_space"]?.flag ?? true)
    case ["TweetWords"]: return .blanks
    case ["Metaspace"], ["WhitespaceSplit", "Metaspace"]:
      let last = parts[parts.count - 1]
      let adds = last["add_prefix_space"]?.flag ?? true,
        scheme = last["prepend_scheme"]?.text ?? (adds ? "always" : "never")
      guard last["replacement"]?.text == "▁", last["split"]?.flag != false, scheme == "always" || scheme == "never"
      else {
        throw .unsupported("pre_tokenizer: Metaspace", "another form")
      }
      return .metaspace(adds: scheme == "always", splits: parts.count == 2)
    default: throw .unsupported("pre_tokenizer", kinds.joined(separator: ", "))
    }
  }

  /// The type of BERTweet's model in a file that this program wrote; no other program reads it.
  static let tweetModel = "TweetPieces"

  static let clipPattern =
    #"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#

  private static func addedTokens(_ list: JSON?) throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for entry in list?.list ?? [] {
      guard let text = entry["content"]?.text, !text.isEmpty, let id = entry["id"]?.id else {
        throw .malformed("added_tokens")
      }
      tokens.append(
        AddedToken(
          text, id: id, takesBlanksBefore: entry["lstrip"]?.flag ?? false,
          takesBlanksBehind: entry["rstrip"]?.flag ?? false, isWholeWord: entry["single_word"]?.flag ?? false,
          isNormalised: entry["normalized"]?.flag ?? false))
    }
    guard tokens.count <= AddedTokens.most else { throw .unsupported("added_tokens", "more than \(AddedTokens.most)") }
    guard tokens.allSatisfy({ $0.bytes.count <= AddedTokens.longest }) else {
      throw .unsupported("added_tokens", "a token of more than \(AddedTokens.longest) bytes")
    }
    return tokens
  }

  private static func bytePairs(
    _ model: JSON, words: Words
  ) throws(TokenizerError) -> (Pieces, [ByteText: Int32], unknown: Int32) {
    guard case .bytes = words else { throw .unsupported("model.type", "BPE without ByteLevel") }
    try check(model, "model", bytePairKeys)
    if let dropout = model["dropout"]?.number, dropout > 0 { throw .unsupported("model.dropout", "\(dropout)") }
    let suffix = model["end_of_word_suffix"]?.text ?? ""
    guard (model["continuing_subword_prefix"]?.text ?? "").isEmpty, model["byte_fallback"]?.flag != true,
      model["ignore_merges"]?.flag != true
    else { throw .unsupported("model", "a prefix, byte_fallback or ignore_merges") }
    guard case .object(let members)? = model["vocab"], members.count <= pieceLimit else {
      throw .malformed("model.vocab")
    }
    var ids: [ByteText: Int32] = [:]
    for member in members {
      guard let id = member.value.id else { throw .malformed("model.vocab") }
      ids[member.key] = id
    }
    func id(_ text: String) throws(TokenizerError) -> Int32 {
      guard let id = ids[ByteText(text)] else { throw .missingPiece(text) }
      return id
    }
    var rules: [(left: Int32, right: Int32, piece: Int32)] = []
    for rule in model["merges"]?.list ?? [] {
      let pair = rule.list?.compactMap(\.text) ?? rule.text?.split(separator: " ").map(String.init) ?? []
      guard pair.count == 2 else { throw .malformed("model.merges") }
      rules.append((try id(pair[0]), try id(pair[1]), try id(pair[0] + pair[1])))
    }
    var inside: [Int32] = [], last: [Int32] = []
    for letter in ByteAlphabet.letters {
      inside.append(try id(String(letter)))
      last.append(try id(String(letter) + suffix))
    }
    // Every byte has a piece, so nothing is unknown.
    return (.bytePairs(BytePairMerging(rules), inside: inside, last: last), ids, -1)
  }

  private static func tweets(_ model: JSON) throws(TokenizerError) -> (Pieces, [ByteText: Int32], unknown: Int32) {
    guard case .object(let members)? = model["vocab"], members.count <= pieceLimit, let unknown = model["unk_id"]?.id,
      let rules = model["merges"]?.list
    else { throw .malformed("model.vocab") }
    var ids: [ByteText: Int32] = [:], merges: [(left: String, right: String)] = []
    for member in members {
      guard let id = member.value.id else { throw .malformed("model.vocab") }
      ids[member.key] = id
    }
    for rule in rules {
      guard let pair = rule.text?.unicodeScalars.split(separator: " "), pair.count == 2 else {
        throw .malformed("model.merges")
      }
      merges.append((String(pair[0]), String(pair[1])))
    }
    return (.tweets(TweetPieces(vocabulary: ids, merges: merges, unknown: unknown)), ids, unknown)
  }

  private static func unigram(_ model: JSON) throws(TokenizerError) -> (Pieces, [ByteText: Int32], unknown: Int32) {
    try check(model, "model", ["type", "unk_id", "vocab", "byte_fallback"])
    guard let entries = model["vocab"]?.list, entries.count <= pieceLimit, let unknown = model["unk_id"]?.id,
      Int(unknown) < entries.count, model["byte_fallback"]?.flag != true
    else { throw .malformed("model.vocab") }
    var pieces: [(text: String, score: Double)] = [], ids: [ByteText: Int32] = [:]
    for entry in entries {
      guard let pair = entry.list, pair.count == 2, let text = pair[0].text, let score = pair[1].number else {
        throw .malformed("model.vocab")
      }
      guard text.utf8.count <= UnigramModel.longestPiece else {
        throw .unsupported("model.vocab", "a piece of more than \(UnigramModel.longestPiece) bytes")
      }
      ids[ByteText(text)] = Int32(pieces.count)
      pieces.append((text, score))
    }
    return (.unigram(UnigramModel(pieces, unknown: unknown)), ids, unknown)
  }

  /// The pieces before every text, if there is one, and after it.
  private static func ends(
    _ step: JSON?, _ ids: [ByteText: Int32]
  ) throws(TokenizerError) -> (opening: Int32?, closing: Int32) {
    switch step?["type"]?.text {
    case "RobertaProcessing", "BertProcessing":
      guard let opening = step?["cls"]?.list?.last?.id, let closing = step?["sep"]?.list?.last?.id else {
        throw .malformed("post_processor")
      }
      return (opening, closing)
    case "TemplateProcessing":
      let names = (step?["single"]?.list ?? []).map { $0["SpecialToken"]?["id"]?.text }
      // The text itself is not a special piece.
      guard (2...3).contains(names.count), names[names.count - 2] == nil, let last = names[names.count - 1],
        names.count == 2 || names[0] != nil
      else { throw .unsupported("post_processor", "another template than one piece behind, or one before as well") }
      var opening: Int32?
      if names.count == 3, let first = names[0] {
        guard let id = ids[ByteText(first)] else { throw .missingPiece(first) }
        opening = id
      }
      guard let closing = ids[ByteText(last)] else { throw .missingPiece(last) }
      return (opening, closing)
    case let other: throw .unsupported("post_processor", other ?? "nothing")
    }
  }
}

extension JSON {
  /// An object's member.
  fileprivate subscript(key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == ByteText(key) }?.value
  }

  fileprivate func part(_ key: String) throws(TokenizerError) -> JSON {
    guard let part = self[key] else { throw .malformed(key) }
    return part
  }

  fileprivate var isNull: Bool { if case .null = self { true } else { false } }
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var flag: Bool? { if case .bool(let flag) = self { flag } else { nil } }
  fileprivate var list: [JSON]? { if case .array(let values) = self { values } else { nil } }

  fileprivate var id: Int32? {
    guard case .integer(let value) = self, value >= 0, value < 1 << 24 else { return nil }
    return Int32(value)
  }

  fileprivate var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }
}

extension JSONError {
  /// The byte at which the fault is.
  var place: Int {
    switch self {
    case .expected(_, let at), .duplicateKey(_, let at), .tooDeep(_, let at): at
    // An error of writing; reading does not throw it.
    case .notFinite: 0
    }
  }
}

/// Bytes written in the letters of RFC 4648.
enum Base64 {
  /// The bytes that a text encodes; `nil` if it does not encode bytes.
  static func bytes(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { [UInt8]($0) } }

  /// Bytes as text.
  static func text(_ bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}

/// A fault in a `tokenizer.json` or in the files that are converted to one.
package enum TokenizerError: Error, Equatable, Sendable {
  /// The tokenizer has too many bytes.
  case tooLarge(limit: Int)
  /// It is not JSON.
  case notJSON(at: Int)
  /// Something is missing or of the wrong type; given by its path.
  case malformed(String)
  /// A part that is not supported, by its path and value.
  case unsupported(String, String)
  /// A piece that another part names but the vocabulary lacks.
  case missingPiece(String)
}

extension TokenizerError: CustomStringConvertible {
  /// The message, without the file's path.
  package var description: String {
    switch self {
    case .tooLarge(let limit): "it has more than \(limit) bytes"
    case .notJSON(let at): "it is not JSON (byte \(at))"
    case .malformed(let path): "\(path.printable) is missing or of the wrong kind"
    case .unsupported(let path, let what):
      "\(path.printable) says \(what.printable(upTo: 120)), which clfa cannot read; it reads tokenizers of BERT, CLIP, RoBERTa, XLM-R and e5"
    case .missingPiece(let piece):
      "its vocabulary lacks \"\(piece.printable(upTo: 60))\", which another part of the file names"
    }
  }
}
