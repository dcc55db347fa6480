/// Why there is no corpus, or no vocabulary.
public enum IronyError: Error, Equatable, Sendable {
  /// The font is not installed; another family came instead, or none.
  case noFont(family: String, found: String?)
  /// The font has no picture for a glyph.
  case noGlyph(name: String, family: String)
  /// Cairo or Pango failed.
  case drawing(reason: String)
  /// A picture could not be written in its format.
  case encoding(format: String)
  /// Something stands where the corpus, or what it is built in, would go.
  case exists(path: String)
  /// The system refuses a file or a folder.
  case cannotWrite(path: String, reason: String)
  /// The system refuses to read a file.
  case cannotRead(path: String, reason: String)
  /// A corpus has a row that cannot be read, or one without label, picture or its name.
  case badRow(file: String, line: Int, reason: String)
  /// A vocabulary does not have a piece that every model needs.
  case missingPiece(String, path: String)
}
