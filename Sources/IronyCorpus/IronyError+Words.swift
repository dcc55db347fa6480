extension IronyError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .noFont(let family, let found):
      "the font \(family) is not installed\(found.map { ", \($0) would be drawn" } ?? ""); "
        + "install it (Debian: fonts-noto-color-emoji)"
    case .noGlyph(let name, let family):
      "\(family) has no glyph for “\(name)”; install a newer one (Debian: fonts-noto-color-emoji, 2.038 or later)"
    case .drawing(let reason):
      "a picture cannot be drawn: \(reason); check that libcairo and libpango are whole and that memory is left"
    case .encoding(let format):
      "a picture cannot be written as \(format); check that its library is whole and that memory is left"
    case .exists(let path):
      "\(path) is there already; remove it, or name another with -o"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason); choose a place that can be written, or make room there"
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason); check the path"
    case .badRow(let file, let line, let reason):
      "\(file), line \(line): \(reason); this reads what irony wrote, so draw the corpus again"
    case .missingPiece(let piece, let path):
      "\(path) has no \(piece); take the vocab.txt that came with a BERT model"
    }
  }
}
