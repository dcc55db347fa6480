package import Bytes

/// The conversion of text to tokens.
package struct TokenizerSettings: Sendable, Equatable {
  /// The kind of tokenizer.
  package enum Kind: String, Sendable, CaseIterable {
    /// BERT's word pieces.
    case wordPiece = "wordpiece"
    /// Word pieces in a hub's tokenizer file, of which nothing else is read.
    case wordPieceJSON = "wordpiece-json"
    /// Subwords as defined by a hub's tokenizer file, which also determines case and accents.
    case subword

    /// The file in a model's folder that holds the pieces.
    package var fileName: String { self == .wordPiece ? "vocab.txt" : "tokenizer.json" }
    /// Whether the pieces are BERT's word pieces.
    package var isWordPiece: Bool { self != .subword }
  }

  package var kind = Kind.wordPiece
  package var lowercase = true
  package var stripAccents = true
  package var separatesChinese = true
  package var isPretokenized = false
  package var neverSplit: [ByteText] = []
  package var unknown: ByteText = "[UNK]"
  package var first: ByteText = "[CLS]"
  package var last: ByteText = "[SEP]"
  package var prefix: ByteText = "##"
  package var wordLimit = 100
  /// Nil for those of BERT's five special tokens that the vocabulary has.
  package var addedTokens: [AddedTokenSettings]?
  package var maxText = 77
  package var maxKnowledge = 66

  /// Creates the published model's settings.
  package init() {}

  /// Whether case is kept, in a word.
  package var casing: String { lowercase && !isPretokenized ? "uncased" : "cased" }

  /// How word pieces differ from those of a BERT of this case, in words.
  package var remarks: [String] {
    let usual = Self(), isCutUsually = isPretokenized || stripAccents == lowercase
    let names = [unknown, first, last] == [usual.unknown, usual.first, usual.last] ? [] : [unknown, first, last]
    let all: [(isUnusual: Bool, words: String)] = [
      (isPretokenized, "words separated by blanks"),
      (!isCutUsually, stripAccents ? "without accents" : "with accents"),
      (!separatesChinese, "Chinese characters not separated"),
      (!neverSplit.isEmpty, "never split: \(neverSplit.map(\.text).listed(most: 5))"),
      (!names.isEmpty, "special pieces \(names.map(\.text).listed(most: 3))"),
      (prefix != usual.prefix, "prefix \(prefix.printable)"),
      (wordLimit != usual.wordLimit, "words of at most \(wordLimit) characters"),
      (addedTokens != nil, "added tokens: \((addedTokens ?? []).map(\.text.text).listed(most: 8))"),
    ]
    return all.filter(\.isUnusual).map(\.words)
  }
}

/// A token that is found in a text before its words are, by the name in `config.json` of each property.
package struct AddedTokenSettings: Sendable, Equatable {
  package var text: ByteText
  package var id: Int
  package var lstrip = false
  package var rstrip = false
  package var singleWord = false
  package var normalized = false

  /// A token that is found anywhere in the text as posted.
  package init(text: ByteText, id: Int) { (self.text, self.id) = (text, id) }

  /// The maximum number of tokens, and of bytes of one.
  package static let (most, longest) = (8192, 256)

  /// The flags, by their keys.
  static var flags: [(key: String, place: WritableKeyPath<Self, Bool>)] {
    [
      ("lstrip", \.lstrip), ("rstrip", \.rstrip), ("single_word", \.singleWord), ("normalized", \.normalized),
    ]
  }

  /// The token as written in `config.json`, without the flags that are false.
  var json: JSON {
    let set = Self.flags.filter { self[keyPath: $0.place] }.map { ($0.key, JSON.bool(true)) }
    return .members([("text", .string(text.text)), ("id", .integer(id))] + set)
  }

  /// The token with its flags, for messages.
  var words: String {
    let set = Self.flags.filter { self[keyPath: $0.place] }.map(\.key)
    return "\"\(text)\"" + (set.isEmpty ? "" : " with \(set.joined(separator: ", "))")
  }

  /// The tokens listed in `config.json`; nil if the list is absent.
  static func list(_ key: String, _ outer: inout ConfigurationReader) throws(ConfigurationError) -> [Self]? {
    guard outer.has(key) else { return nil }
    var tokens: [Self] = []
    for var reader in try outer.objects(key, limit: most) {
      guard let text = try reader.string("text") else { throw .missingKey(reader.name("text")) }
      guard (1...longest).contains(text.utf8.count) else {
        throw .outOfRange(key: reader.name("text"), value: "\"\(text)\"", allowed: "1 to \(longest) bytes")
      }
      try reader.require(["id"])
      var token = Self(text: ByteText(text), id: try reader.integer("id", 0, in: 0...4_194_303))
      for (key, place) in flags { token[keyPath: place] = try reader.boolean(key, false) }
      try reader.finish()
      tokens.append(token)
    }
    return tokens
  }
}
