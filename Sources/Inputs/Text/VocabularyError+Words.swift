extension VocabularyError: CustomStringConvertible {
  /// What is wrong with the vocabulary, and what mends it.
  public var description: String {
    switch self {
    case .tooLarge(let bytes, let limit):
      "The vocabulary has \(bytes) bytes, more than the \(limit) allowed. "
        + "A WordPiece vocabulary is a text file with one piece a line; check that this is one."
    case .tooManyPieces(let limit):
      "The vocabulary has more than \(limit) lines. "
        + "A WordPiece vocabulary is a text file with one piece a line; check that this is one."
    case .invalidUTF8(let line):
      "Line \(line) of the vocabulary is not UTF-8. "
        + "Copy the file again from the model it belongs to, or save it as UTF-8."
    case .missingPiece(let piece):
      "The vocabulary has no \(piece). "
        + "Use the vocab.txt that came with the model; [UNK], [CLS] and [SEP] each need a line."
    }
  }
}
