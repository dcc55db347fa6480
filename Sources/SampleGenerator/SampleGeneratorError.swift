/// Why there is no corpus, or no vocabulary.
package enum SampleGeneratorError: Error, Equatable, Sendable {
  /// The font is not installed; another family came instead, or none.
  case noFont(family: String, found: String?)
  /// The font has no picture for a glyph.
  case noGlyph(name: String, family: String)
  /// Cairo or Pango failed.
  case drawing(reason: String)
  /// A picture could not be written in its format.
  case encoding(format: String)
  /// The path of the corpus, or of the folder it is built in, exists already.
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

extension SampleGeneratorError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noFont(let family, let found):
      "the font \(family) is not installed\(found.map { " (\($0) would be used instead)" } ?? ""); "
        + "install it (Debian: fonts-noto-color-emoji)"
    case .noGlyph(let name, let family):
      "\(family) has no glyph for \"\(name)\"; install a newer one (Debian: fonts-noto-color-emoji, 2.038 or later)"
    case .drawing(let reason):
      "a picture cannot be drawn: \(reason); check that libcairo and libpango are installed and that there is free memory"
    case .encoding(let format):
      "a picture cannot be written as \(format); check that its library is installed and that there is free memory"
    case .exists(let path):
      "\(path) already exists; remove it, or name another"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason); choose a folder that you may write to, or free some space"
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason); check the path"
    case .badRow(let file, let line, let reason):
      "\(file), line \(line): \(reason); only files that irony wrote can be read; make the corpus again"
    case .missingPiece(let piece, let path):
      "\(path) has no \(piece); take the vocab.txt that came with a BERT model"
    }
  }
}
