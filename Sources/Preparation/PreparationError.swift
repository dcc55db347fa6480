import Bytes
package import Inputs

/// An error in the files that define how posts are read.
package enum PreparationError: Error, Equatable, Sendable {
  /// The model's vocabulary cannot be read.
  case unreadableVocabulary(path: String, reason: String)
  /// The vocabulary has more pieces than the model has word vectors.
  case vocabularyTooLong(path: String, pieces: Int, rows: Int)
  /// The model's tokenizer file cannot be used.
  case tokenizer(path: String, TokenizerError)
  /// A lexicon with a tokenizer that does not support it.
  case lexiconNeedsWordPieces(path: String)
}

extension PreparationError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .unreadableVocabulary(let path, let reason):
      "\(path.printable) cannot be read: \(reason). Copy the file again from the model it belongs to"
    case .vocabularyTooLong(let path, let pieces, let rows):
      "\(path.printable) has \(pieces) pieces, but the model has vectors for \(rows). Use the file that came with the model"
    case .tokenizer(let path, let fault): "\(path.printable): \(fault)"
    case .lexiconNeedsWordPieces(let path):
      "\(path.printable) is for word pieces, but this model's tokenizer makes subwords; leave out the lexicon"
    }
  }
}
