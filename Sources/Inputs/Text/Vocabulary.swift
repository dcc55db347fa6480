/// The pieces of a WordPiece vocabulary and their ids.
///
/// Pieces are bytes: two spellings of "é" are two pieces, as they are to the model that was trained on them.
public struct Vocabulary: Sendable {
  /// The bytes a vocabulary may have; the largest in common use has five million.
  public static let byteLimit = 8 << 20
  /// The lines a vocabulary may have; the largest in common use has half a million.
  public static let pieceLimit = 1 << 20

  /// The number of lines, which is one more than the greatest id.
  public let count: Int
  /// The id of `[UNK]`, which stands for a word that has no pieces.
  public let unknown: Int32
  /// The id of `[CLS]`, which opens every text.
  public let classification: Int32
  /// The id of `[SEP]`, which closes every text.
  public let separator: Int32

  /// The pieces that stand for themselves when a text spells them, those of the five that the vocabulary has.
  let literals: [(bytes: [UInt8], id: Int32)]
  /// All pieces; those that continue a word hang below `continuation`.
  let trie: PieceTrie
  /// The node of `##`; `nil` where no piece continues a word.
  let continuation: PieceTrie.Node?

  /// Reads a `vocab.txt`: one piece a line, whose number from 0 is the piece's id.
  ///
  /// White space at a line's end is no part of the piece, so CRLF is fine. Of equal lines the last gives the
  /// id.
  ///
  /// - Parameter bytes: the file's content. O(bytes).
  /// - Throws: ``VocabularyError`` where the file is too large, is not UTF-8 or lacks `[UNK]`, `[CLS]` or
  ///   `[SEP]`.
  public init(bytes: [UInt8]) throws(VocabularyError) {
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
    literals = ["[UNK]", "[SEP]", "[CLS]", "[PAD]", "[MASK]"].compactMap { [trie] name in
      Self.id(of: name.utf8, in: trie).map { (Array(name.utf8), $0) }
    }
  }

  /// The id of a piece, given by its UTF-8 bytes; `nil` where the vocabulary lacks it. O(piece).
  public subscript(piece: some Sequence<UInt8>) -> Int32? { Self.id(of: piece, in: trie) }

  private static func id(of piece: some Sequence<UInt8>, in trie: PieceTrie) -> Int32? {
    trie.node(of: piece).flatMap { trie.id(at: $0) }
  }

  private static func require(_ name: String, in trie: PieceTrie) throws(VocabularyError) -> Int32 {
    guard let id = id(of: name.utf8, in: trie) else { throw .missingPiece(name) }
    return id
  }
}
