/// Converts a text to the ids of word pieces: BERT's basic tokenizer, then greedy longest-match-first pieces.
package struct WordPieceTokenizer: Sendable {
  /// The maximum number of scalars in a word; a longer one is always `[UNK]`.
  static let wordLimit = 100

  private let vocabulary: Vocabulary
  private let basic: BasicTokenizer

  /// Creates a tokenizer.
  ///
  /// - Parameters:
  ///   - vocabulary: the model's pieces.
  ///   - lowercase: whether the model was trained on lower-cased text.
  ///   - stripAccents: whether it was trained on text without accents; models that lower-case usually were.
  package init(vocabulary: Vocabulary, lowercase: Bool, stripAccents: Bool) {
    self.vocabulary = vocabulary
    basic = BasicTokenizer(lowercase: lowercase, stripAccents: stripAccents)
  }

  /// The ids of a text including `[CLS]` and `[SEP]`, at most `limit` in total; an empty text gives only these two.
  ///
  /// If the text contains `[UNK]`, `[CLS]`, `[SEP]`, `[PAD]` or `[MASK]` in exactly this spelling, in upper case and
  /// anywhere, even inside a word, this becomes that piece if the vocabulary has it. Text beyond the limit is cut off
  /// before `[SEP]`. O(bytes).
  ///
  /// - Parameters:
  ///   - text: the text as posted.
  ///   - limit: the maximum number of ids; less than 2 counts as 2.
  /// - Returns: the ids, and the numbers of all pieces, unknown pieces, and truncated pieces.
  package func encode(_ text: String, limit: Int) -> TokenizedText {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2)
    read(text, into: &pieces)
    return pieces.tokenized
  }

  /// The same ids as ``encode(_:limit:)``, and the words to which they belong. O(bytes).
  package func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    var pieces = Pieces(vocabulary: vocabulary, room: max(limit, 2) - 2, keepsWords: true)
    read(text, into: &pieces)
    return TokenizedWords(text: pieces.tokenized, words: pieces.words)
  }

  /// The words of a text before they are split into pieces, without literal pieces such as `[UNK]`.
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
    vocabulary.addedTokens.first { literal in
      literal.bytes.count <= bytes.count - position
        && literal.bytes.indices.allSatisfy { literal.bytes[$0] == bytes[position + $0] }
    }
  }
}

/// The pieces of one text that fit, and the count of all.
private struct Pieces {
  private let vocabulary: Vocabulary
  private let room: Int
  private var ids: [Int32]
  private var count = 0
  private var unknown = 0
  /// The pieces of one word, until it is known that the whole word has pieces.
  private var word: [Int32] = []
  /// The words of the pieces that fit, if requested.
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

  /// Adds a literal piece.
  mutating func add(literal bytes: [UInt8], id: Int32) {
    let first = ids.count
    add(id)
    keep(bytes, from: first)
  }

  /// Adds a word's pieces, or `[UNK]` if it has none or is too long.
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

/// The pieces of a WordPiece vocabulary and their ids.
///
/// Pieces are bytes: two spellings of "é" are two pieces, as in the model's training.
package struct Vocabulary: Sendable {
  /// The maximum size of a vocabulary in bytes; the largest in common use has five million.
  package static let byteLimit = 8 << 20
  /// The maximum number of lines of a vocabulary; the largest in common use has half a million.
  package static let pieceLimit = 1 << 20

  /// The number of lines, which is one more than the greatest id.
  package let count: Int
  /// The id of `[UNK]`, for a word that has no pieces.
  package let unknown: Int32
  /// The id of `[CLS]`, at the beginning of every text.
  package let classification: Int32
  /// The id of `[SEP]`, at the end of every text.
  package let separator: Int32

  /// The literal pieces that a text may contain: those of the five that the vocabulary has.
  let addedTokens: [(bytes: [UInt8], id: Int32)]
  /// All pieces; those that continue a word are below `continuation`.
  let trie: PieceTrie
  /// The node of `##`; `nil` if no piece continues a word.
  let continuation: PieceTrie.Node?

  /// Reads a `vocab.txt`: one piece per line; the line number from 0 is the piece's id.
  ///
  /// White space at the end of a line is ignored, so CRLF is allowed. If lines are equal, the last one gives the id.
  ///
  /// - Parameter bytes: the file's content. O(bytes).
  /// - Throws: ``VocabularyError`` if the file is too large, is not UTF-8 or lacks `[UNK]`, `[CLS]` or
  ///   `[SEP]`.
  package init(bytes: [UInt8]) throws(VocabularyError) {
    guard bytes.count <= Self.byteLimit else {
      throw .tooLarge(bytes: bytes.count, limit: Self.byteLimit)
    }
    var pieces: [(bytes: ArraySlice<UInt8>, id: Int32)] = []
    var start = 0
    while start < bytes.count {
      guard pieces.count < Self.pieceLimit else { throw .tooManyPieces(limit: Self.pieceLimit) }
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      guard let line = String(validating: bytes[start..<end], as: UTF8.self) else {
        throw .invalidUTF8(line: pieces.count + 1)
      }
      let blanks = line.unicodeScalars.reversed().prefix { $0.properties.isWhitespace }
      let width = blanks.reduce(0) { $0 + UTF8.width($1) }
      pieces.append((bytes[start..<(end - width)], Int32(pieces.count)))
      start = end + 1
    }
    trie = PieceTrie(pieces)
    continuation = trie.node(of: "##".utf8)
    count = pieces.count
    unknown = try Self.require("[UNK]", in: trie)
    classification = try Self.require("[CLS]", in: trie)
    separator = try Self.require("[SEP]", in: trie)
    addedTokens = ["[UNK]", "[SEP]", "[CLS]", "[PAD]", "[MASK]"].compactMap { [trie] name in
      Self.id(of: name.utf8, in: trie).map { (Array(name.utf8), $0) }
    }
  }

  /// The id of a piece, given by its UTF-8 bytes; `nil` if the vocabulary lacks it. O(piece).
  package subscript(piece: some Sequence<UInt8>) -> Int32? { Self.id(of: piece, in: trie) }

  private static func id(of piece: some Sequence<UInt8>, in trie: PieceTrie) -> Int32? {
    trie.node(of: piece).flatMap { trie.id(at: $0) }
  }

  private static func require(_ name: String, in trie: PieceTrie) throws(VocabularyError) -> Int32 {
    guard let id = id(of: name.utf8, in: trie) else { throw .missingPiece(name) }
    return id
  }
}

/// Why a `vocab.txt` cannot be used.
package enum VocabularyError: Error, Equatable, Sendable {
  /// The file has more bytes than a vocabulary may have.
  case tooLarge(bytes: Int, limit: Int)
  /// The file has more lines than a vocabulary may have pieces.
  case tooManyPieces(limit: Int)
  /// A line, counted from 1, is not UTF-8.
  case invalidUTF8(line: Int)
  /// A required piece is missing.
  case missingPiece(String)
}

extension VocabularyError: CustomStringConvertible {
  /// The message: the problem in the vocabulary and how to fix it.
  package var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "The vocabulary has \(bytes) bytes, more than the \(limit) allowed. "
        + "A WordPiece vocabulary is a text file with one piece per line; is it the right file?"
    case .tooManyPieces(let limit):
      "The vocabulary has more than \(limit) lines. "
        + "A WordPiece vocabulary is a text file with one piece per line; is it the right file?"
    case .invalidUTF8(let line):
      "Line \(line) of the vocabulary is not UTF-8. "
        + "Copy the file again from the model it belongs to, or save it as UTF-8."
    case .missingPiece(let piece):
      "The vocabulary has no \(piece). "
        + "Use the vocab.txt that came with the model; [UNK], [CLS] and [SEP] each need a line."
    }
  }
}
