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
    if let truncation = file["truncation"] {
      try Self.check(truncation, "truncation", ["direction", "max_length", "strategy", "stride"])
      if let direction = truncation["direction"]?.asString, direction != "Right" {
        throw .unsupported("truncation.direction", direction)
      }
    }
    normalisation = try Self.normalisation(file["normalizer"])
    words = try Self.words(file["pre_tokenizer"])
    let model = try file.part("model")
    let addedTokens = try Self.addedTokens(file["added_tokens"])
    let known: [ByteText: Int32]
    switch model["type"]?.asString {
    case "BPE": (pieces, known, unknown) = try Self.bytePairs(model, words: words)
    case "Unigram": (pieces, known, unknown) = try Self.unigram(model)
    case Self.tweetModel: (pieces, known, unknown) = try Self.tweets(model)
    case Self.sentencePieceModel: (pieces, known, unknown) = try Self.sentencePieces(model, words: words)
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
    (opening, closing) = try Self.ends(file["post_processor"])
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
  static func check(_ object: JSON, _ path: String, _ keys: Set<String>) throws(TokenizerError) {
    guard case .object(let members) = object else { throw .malformed(path) }
    for member in members where !keys.contains(member.key.text) { throw .unsupported(path, member.key.text) }
  }

  /// The type of BERTweet's model in a file that this program wrote; no other program reads it.
  static let tweetModel = "TweetPieces"
  /// The type of a model with a whole file of SentencePiece; likewise.
  static let sentencePieceModel = "SentencePiece"

  static let clipPattern =
    #"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"#

  private static func addedTokens(_ list: JSON?) throws(TokenizerError) -> [AddedToken] {
    var tokens: [AddedToken] = []
    for entry in list?.asList ?? [] {
      try check(
        entry, "added_tokens", ["id", "content", "lstrip", "rstrip", "single_word", "normalized", "special"])
      guard let text = entry["content"]?.asString, !text.isEmpty, let id = entry["id"]?.id else {
        throw .malformed("added_tokens")
      }
      func flag(_ key: ByteText) throws(TokenizerError) -> Bool { try entry.flag(key, false, of: "added_tokens") }
      tokens.append(
        AddedToken(
          text, id: id, takesBlanksBefore: try flag("lstrip"), takesBlanksBehind: try flag("rstrip"),
          isWholeWord: try flag("single_word"), isNormalised: try flag("normalized")))
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
    if let dropout = model["dropout"]?.asNumber, dropout > 0 { throw .unsupported("model.dropout", "\(dropout)") }
    let suffix = model["end_of_word_suffix"]?.asString ?? ""
    let prefix = model["continuing_subword_prefix"]?.asString ?? ""
    guard prefix.isEmpty else { throw .unsupported("model.continuing_subword_prefix", prefix) }
    for key: ByteText in ["byte_fallback", "ignore_merges"] where try model.flag(key, false, of: "model") {
      throw .unsupported("model.\(key)", "true")
    }
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
    for rule in model["merges"]?.asList ?? [] {
      let pair = rule.asList?.compactMap(\.asString) ?? rule.asString?.split(separator: " ").map(String.init) ?? []
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
    try check(model, "model", ["type", "unk_id", "vocab", "merges"])
    guard case .object(let members)? = model["vocab"], members.count <= pieceLimit, let unknown = model["unk_id"]?.id,
      let rules = model["merges"]?.asList
    else { throw .malformed("model.vocab") }
    var ids: [ByteText: Int32] = [:], merges: [(left: String, right: String)] = []
    for member in members {
      guard let id = member.value.id else { throw .malformed("model.vocab") }
      ids[member.key] = id
    }
    for rule in rules {
      guard let pair = rule.asString?.unicodeScalars.split(separator: " "), pair.count == 2 else {
        throw .malformed("model.merges")
      }
      merges.append((String(pair[0]), String(pair[1])))
    }
    return (.tweets(TweetPieces(vocabulary: ids, merges: merges, unknown: unknown)), ids, unknown)
  }

  private static func sentencePieces(
    _ model: JSON, words: Words
  ) throws(TokenizerError) -> (Pieces, [ByteText: Int32], unknown: Int32) {
    try check(model, "model", ["type", "file", "unk_token", "vocab"])
    guard case .whole = words else { throw .unsupported("model.type", sentencePieceModel) }
    guard let text = model["file"]?.asString, let bytes = Base64.bytes(text), let name = model["unk_token"]?.asString
    else { throw .malformed("model.file") }
    let pieces = try SentencePieceModel(bytes: bytes), behind = Array(name.utf8)
    var ids: [ByteText: Int32] = [:], work = StepCounter()
    for (id, piece) in pieces.file.pieces.enumerated() { ids[ByteText(piece.text)] = Int32(id) }
    let dropped = pieces.pieces(of: behind, &work).count
    return (.sentencePieces(pieces, behind: behind, dropped: dropped), ids, Int32(pieces.file.unknown))
  }

  private static func unigram(_ model: JSON) throws(TokenizerError) -> (Pieces, [ByteText: Int32], unknown: Int32) {
    try check(model, "model", ["type", "unk_id", "vocab", "byte_fallback"])
    guard let entries = model["vocab"]?.asList, entries.count <= pieceLimit, let unknown = model["unk_id"]?.id,
      Int(unknown) < entries.count
    else { throw .malformed("model.vocab") }
    var pieces: [(text: String, score: Double)] = [], ids: [ByteText: Int32] = [:]
    for entry in entries {
      guard let pair = entry.asList, pair.count == 2, let text = pair[0].asString, let score = pair[1].asNumber else {
        throw .malformed("model.vocab")
      }
      guard text.utf8.count <= UnigramModel.longestPiece else {
        throw .unsupported("model.vocab", "a piece of more than \(UnigramModel.longestPiece) bytes")
      }
      ids[ByteText(text)] = Int32(pieces.count)
      pieces.append((text, score))
    }
    let fallsBack = try model.flag("byte_fallback", false, of: "model")
    return (.unigram(UnigramModel(pieces, unknown: unknown, fallsBackToBytes: fallsBack)), ids, unknown)
  }

}

extension JSON {
  /// Whether a member is true; `standard` if it is missing or null.
  func flag(_ key: ByteText, _ standard: Bool, of path: String) throws(TokenizerError) -> Bool {
    guard let value = self[key] else { return standard }
    guard let flag = value.asBool else { throw .malformed("\(path).\(key)") }
    return flag
  }

  fileprivate func part(_ key: ByteText) throws(TokenizerError) -> JSON {
    guard let part = self[key] else { throw .malformed(key.text) }
    return part
  }

  /// A whole number that can be a piece's id.
  var id: Int32? {
    guard case .integer(let value) = self, value >= 0, value < 1 << 24 else { return nil }
    return Int32(value)
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
  /// A class of tokenizers that is not read from a file of this name.
  case otherClass(String, file: String)
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
    case .otherClass(let kind, let file):
      "\(kind.printable(upTo: 120)) with \(file.printable) is not a tokenizer that clfa can read; if transformers 5 loads this folder, let it "
        + "write a tokenizer.json: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER); clfa reads those with "
        + "pieces of bytes or of a unigram model"
    case .missingPiece(let piece):
      "its vocabulary lacks \"\(piece.printable(upTo: 60))\", which another part of the file names"
    }
  }
}
