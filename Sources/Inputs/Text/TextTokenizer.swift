/// A model's way from a text to ids, of either kind.
public enum TextTokenizer: Sendable {
  /// BERT's word pieces, from a `vocab.txt`.
  case wordPieces(WordPieceTokenizer)
  /// Subwords of byte pairs or of a unigram model, from a hub's `tokenizer.json`.
  case subwords(SubwordTokenizer)

  /// The ids of a text between the two that open and close every text, at most `limit` with both.
  public func encode(_ text: String, limit: Int) -> TokenizedText {
    switch self {
    case .wordPieces(let tokenizer): tokenizer.encode(text, limit: limit)
    case .subwords(let tokenizer): tokenizer.encode(text, limit: limit)
    }
  }

  /// The same ids as ``encode(_:limit:)`` gives, and which of them belong to which word.
  public func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    switch self {
    case .wordPieces(let tokenizer): tokenizer.encodeWords(text, limit: limit)
    case .subwords(let tokenizer): tokenizer.encodeWords(text, limit: limit)
    }
  }
}
