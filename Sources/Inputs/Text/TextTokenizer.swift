/// A model's conversion of a text to ids, of either kind.
package enum TextTokenizer: Sendable {
  /// BERT's word pieces, from a `vocab.txt`.
  case wordPieces(WordPieceTokenizer)
  /// Subwords of byte pairs or of a unigram model, from a hub's `tokenizer.json`.
  case subwords(SubwordTokenizer)

  /// The ids of a text including the first and the last piece, at most `limit` in total.
  package func encode(_ text: String, limit: Int) -> TokenizedText {
    switch self {
    case .wordPieces(let tokenizer): tokenizer.encode(text, limit: limit)
    case .subwords(let tokenizer): tokenizer.encode(text, limit: limit)
    }
  }

  /// The same ids as ``encode(_:limit:)``, and the words to which they belong.
  package func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    switch self {
    case .wordPieces(let tokenizer): tokenizer.encodeWords(text, limit: limit)
    case .subwords(let tokenizer): tokenizer.encodeWords(text, limit: limit)
    }
  }
}

/// A text in the form that a model reads, and how much of it was lost.
package struct TokenizedText: Sendable, Equatable {
  /// The ids, `[CLS]` first and `[SEP]` last.
  package var ids: [Int32]
  /// The number of word pieces of the whole text, before truncation, without `[CLS]` and `[SEP]` at the ends.
  package var pieces: Int
  /// The number of `[UNK]` among all `pieces`.
  package var unknown: Int
  /// The number of `pieces` that were cut off.
  package var truncated: Int

  /// Creates a tokenized text.
  package init(ids: [Int32], pieces: Int, unknown: Int, truncated: Int) {
    self.ids = ids
    self.pieces = pieces
    self.unknown = unknown
    self.truncated = truncated
  }

  /// The share of `[UNK]` among the text's pieces, 0 for a text without pieces.
  package var unknownShare: Double { pieces == 0 ? 0 : Double(unknown) / Double(pieces) }
}

/// A text in the form that a model reads, and the words of its pieces.
package struct TokenizedWords: Sendable, Equatable {
  /// A word of the text, as the tokenizer writes it.
  package struct Word: Sendable, Equatable {
    /// Its UTF-8, lower-cased and without accents if the tokenizer does that.
    package var bytes: [UInt8]
    /// Its pieces, as a range of indices into the ids; truncated ones are not included.
    package var pieces: Range<Int>

    /// A word of these pieces.
    package init(bytes: [UInt8], pieces: Range<Int>) { (self.bytes, self.pieces) = (bytes, pieces) }
  }

  /// The pieces.
  package var text: TokenizedText
  /// The words in order, each with at least one piece. A literal piece such as `[MASK]` is a word.
  package var words: [Word]

  /// A text of these words.
  package init(text: TokenizedText, words: [Word]) { (self.text, self.words) = (text, words) }
}

/// Counts the steps that a tokenizer takes, so that tests can show how they grow with the text.
package struct StepCounter: Sendable {
  /// Bytes, scalars, heap moves and table steps so far.
  package private(set) var steps = 0

  /// No step yet.
  package init() {}

  /// Adds steps.
  mutating func add(_ steps: Int = 1) { self.steps += steps }
}
