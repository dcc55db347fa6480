/// Turns a text into the ids of word pieces: BERT's basic tokenizer, then the longest piece first.
public struct WordPieceTokenizer: Sendable {
  /// The scalars a word may have; a longer one is `[UNK]`, whatever it spells.
  static let wordLimit = 100

  private let vocabulary: Vocabulary
  private let basic: BasicTokenizer

  /// Creates a tokenizer.
  ///
  /// - Parameters:
  ///   - vocabulary: the model's pieces.
  ///   - lowercase: whether the model was trained on lower-cased text.
  ///   - stripAccents: whether it was trained on text without accents; models that lower-case usually were.
  public init(vocabulary: Vocabulary, lowercase: Bool, stripAccents: Bool) {
    self.vocabulary = vocabulary
    basic = BasicTokenizer(lowercase: lowercase, stripAccents: stripAccents)
  }

  /// The ids of a text between `[CLS]` and `[SEP]`, at most `limit` with both; an empty text gives just these
  /// two.
  ///
  /// Where the text spells `[UNK]`, `[CLS]`, `[SEP]`, `[PAD]` or `[MASK]` exactly so, upper case and
  /// anywhere, even inside a word, it stands for that piece if the vocabulary has it. What exceeds the limit
  /// is cut off at the end, before `[SEP]`. O(bytes).
  ///
  /// - Parameters:
  ///   - text: the text as posted.
  ///   - limit: the most ids wanted; less than 2 counts as 2.
  /// - Returns: the ids, and how many pieces there were, were unknown and were cut off.
  public func encode(_ text: String, limit: Int) -> TokenizedText {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2)
    read(text, into: &pieces)
    return pieces.tokenized
  }

  /// The same ids as ``encode(_:limit:)`` gives, and which of them belong to which word. O(bytes).
  public func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2, keepsWords: true)
    read(text, into: &pieces)
    return TokenizedWords(text: pieces.tokenized, words: pieces.words)
  }

  /// The words of a text as they are before they are cut into pieces, which no text spells `[UNK]` in.
  func words(of text: String) -> [[UInt8]] {
    var words: [[UInt8]] = []
    basic.split(text.utf8.span) { word, _ in words.append(word) }
    return words
  }

  private func read(_ text: String, into pieces: inout Pieces) {
    let bytes = text.utf8.span
    var start = 0
    var position = 0
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "["), let literal = literal(in: bytes, at: position) else {
        position += 1
        continue
      }
      basic.split(bytes.extracting(start..<position)) { pieces.add(word: $0, scalars: $1) }
      pieces.add(literal: literal.bytes, id: literal.id)
      position += literal.bytes.count
      start = position
    }
    basic.split(bytes.extracting(start..<bytes.count)) { pieces.add(word: $0, scalars: $1) }
  }

  private func literal(in bytes: Span<UInt8>, at position: Int) -> (bytes: [UInt8], id: Int32)? {
    vocabulary.literals.first { literal in
      literal.bytes.count <= bytes.count - position
        && literal.bytes.indices.allSatisfy { literal.bytes[$0] == bytes[position + $0] }
    }
  }
}

/// The pieces of one text: those that fit, and the count of all.
private struct Pieces {
  private let vocabulary: Vocabulary
  private let room: Int
  private var ids: [Int32]
  private var count = 0
  private var unknown = 0
  /// The pieces of one word, until it is known to consist of pieces alone.
  private var word: [Int32] = []
  /// The words of the pieces that fit, where they are wanted.
  private(set) var words: [TokenizedWords.Word] = []
  private let keepsWords: Bool

  init(vocabulary: Vocabulary, room: Int, keepsWords: Bool = false) {
    self.vocabulary = vocabulary
    self.room = room
    self.keepsWords = keepsWords
    ids = [vocabulary.classification]
  }

  var tokenized: TokenizedText {
    TokenizedText(
      ids: ids + [vocabulary.separator], pieces: count, unknown: unknown, truncated: max(count - room, 0))
  }

  /// Adds a piece that stands for itself.
  mutating func add(literal bytes: [UInt8], id: Int32) {
    let first = ids.count
    add(id)
    keep(bytes, from: first)
  }

  /// Adds a word's pieces, or `[UNK]` where it has none or is too long.
  mutating func add(word bytes: [UInt8], scalars: Int) {
    let first = ids.count
    addPieces(of: bytes, scalars: scalars)
    keep(bytes, from: first)
  }

  private mutating func add(_ id: Int32) {
    if count < room { ids.append(id) }
    count += 1
    if id == vocabulary.unknown { unknown += 1 }
  }

  private mutating func keep(_ word: [UInt8], from first: Int) {
    guard keepsWords, first < ids.count else { return }
    words.append(TokenizedWords.Word(bytes: word, pieces: first..<ids.count))
  }

  private mutating func addPieces(of bytes: [UInt8], scalars: Int) {
    guard scalars <= WordPieceTokenizer.wordLimit else { return add(vocabulary.unknown) }
    word.removeAll(keepingCapacity: true)
    var node: PieceTrie.Node? = PieceTrie.root
    var position = 0
    while position < bytes.count {
      guard let from = node, let match = vocabulary.trie.longestMatch(in: bytes, from: position, at: from)
      else {
        return add(vocabulary.unknown)
      }
      word.append(match.id)
      position = match.end
      node = vocabulary.continuation
    }
    for id in word { add(id) }
  }
}
