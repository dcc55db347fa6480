/// What is wrong with a `tokenizer.json`.
public enum TokenizerFault: Error, Equatable, Sendable {
  /// More bytes than a tokenizer may have.
  case tooLarge(limit: Int)
  /// It is not JSON.
  case notJSON(at: Int)
  /// Something is missing or of the wrong kind, by its path.
  case malformed(String)
  /// A part that is not read here, by its path and what it says.
  case unsupported(String, String)
  /// A piece that another part names, and that the vocabulary lacks.
  case missingPiece(String)
}
