/// Why a `vocab.txt` cannot be used.
public enum VocabularyError: Error, Equatable, Sendable {
  /// The file has more bytes than a vocabulary may have.
  case tooLarge(bytes: Int, limit: Int)
  /// The file has more lines than a vocabulary may have pieces.
  case tooManyPieces(limit: Int)
  /// A line, counted from 1, is not UTF-8.
  case invalidUTF8(line: Int)
  /// A piece that every text needs is in no line.
  case missingPiece(String)
}
