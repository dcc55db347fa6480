import Bytes

/// The pieces of a WordPiece vocabulary and their ids.
///
/// Pieces are bytes: two spellings of "é" are two pieces, as in the model's training.
package struct Vocabulary: Sendable {
  /// The maximum size of a vocabulary in bytes; the largest in common use has five million.
  package static let byteLimit = 8 << 20
  /// The maximum number of lines of a vocabulary; the largest in common use has half a million.
  package static let pieceLimit = 1 << 20

  /// One more than the greatest id of a piece or an added token.
  package let count: Int
  /// The id of `[UNK]`, for a word that has no pieces.
  package let unknown: Int32
  /// The id of `[CLS]`, at the beginning of every text.
  package let classification: Int32
  /// The id of `[SEP]`, at the end of every text.
  package let separator: Int32

  /// The tokens that are found in a text before its words are.
  let addedTokens: [AddedToken]
  /// The maximum number of scalars in a word that has pieces.
  let wordLimit: Int
  /// All pieces; those that continue a word are below `continuation`.
  let trie: PieceTrie
  /// The node of the prefix, usually `##`; `nil` if no piece continues a word.
  let continuation: PieceTrie.Node?

  /// Reads a `vocab.txt`: one piece per line; the line number from 0 is the piece's id.
  ///
  /// White space at the end of a line is ignored, so CRLF is allowed. If lines are equal, the last one gives the id.
  ///
  /// - Parameters:
  ///   - bytes: the file's content. O(bytes).
  ///   - settings: the names of the special pieces, and the added tokens.
  /// - Throws: ``VocabularyError`` if the file is too large, is not UTF-8 or lacks `[UNK]`, `[CLS]` or `[SEP]`, or an
  ///   added token cannot be found in a text.
  package init(bytes: [UInt8], _ settings: WordPieceSettings = WordPieceSettings()) throws(VocabularyError) {
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
    try self.init(pieces, settings)
  }

  /// Reads the pieces of a WordPiece model in a hub's `tokenizer.json`; the settings come from elsewhere. O(bytes).
  ///
  /// - Throws: ``VocabularyError``, as for a `vocab.txt`.
  package init(json bytes: [UInt8], _ settings: WordPieceSettings = WordPieceSettings()) throws(VocabularyError) {
    guard bytes.count <= SubwordTokenizer.byteLimit else {
      throw .notWordPieces(.tooLarge(limit: SubwordTokenizer.byteLimit))
    }
    var pieces: [(bytes: ArraySlice<UInt8>, id: Int32)] = []
    let file: JSON
    do {
      file = try JSONParser.parse(bytes)
    } catch {
      throw .notWordPieces(.notJSON(at: error.place))
    }
    guard case .object(let members)? = file["model"]?["vocab"] else { throw .notWordPieces(.malformed("model.vocab")) }
    for member in members {
      guard case .integer(let id) = member.value, (0..<Self.pieceLimit).contains(id) else {
        throw .notWordPieces(.malformed("model.vocab"))
      }
      pieces.append((Array(member.key.utf8)[...], Int32(id)))
    }
    try self.init(pieces, settings)
  }

  private init(
    _ pieces: [(bytes: ArraySlice<UInt8>, id: Int32)], _ settings: WordPieceSettings
  ) throws(VocabularyError) {
    let trie = PieceTrie(pieces)
    let tokens =
      settings.addedTokens
      ?? ["[UNK]", "[SEP]", "[CLS]", "[PAD]", "[MASK]"].compactMap { name in
        Self.id(of: name.utf8, in: trie).map { AddedToken(name, id: $0) }
      }
    func require(_ name: String) throws(VocabularyError) -> Int32 {
      let id = Self.id(of: name.utf8, in: trie) ?? tokens.first { $0.bytes.elementsEqual(name.utf8) }?.id
      guard let id else { throw .missingPiece(name) }
      return id
    }
    self.trie = trie
    (continuation, wordLimit, addedTokens) = (trie.node(of: settings.prefix.utf8), settings.wordLimit, tokens)
    count = Int(max(pieces.map(\.id).max() ?? -1, tokens.map(\.id).max() ?? -1)) + 1
    guard let unknown = Self.id(of: settings.unknown.utf8, in: trie) else { throw .missingPiece(settings.unknown) }
    self.unknown = unknown
    classification = try require(settings.first)
    separator = try require(settings.last)
  }

  /// The id of a piece, given by its UTF-8 bytes; `nil` if the vocabulary lacks it. O(piece).
  package subscript(piece: some Sequence<UInt8>) -> Int32? { Self.id(of: piece, in: trie) }

  private static func id(of piece: some Sequence<UInt8>, in trie: PieceTrie) -> Int32? {
    trie.node(of: piece).flatMap { trie.id(at: $0) }
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
  /// An added token of which normalization leaves nothing, or the same as of another.
  case unusableToken(String)
  /// A `tokenizer.json` without word pieces.
  case notWordPieces(TokenizerError)
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
    case .unusableToken(let token):
      "Normalization leaves nothing of the added token \"\(token.printable(upTo: 60))\", or the same as of another, so that "
        + "it cannot be found. Remove it from the tokenizer's files, or set its \"normalized\" to false."
    case .notWordPieces(let error): "The tokenizer.json cannot be read: \(error)."
    }
  }
}
