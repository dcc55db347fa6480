/// How a WordPiece tokenizer reads a text, in addition to its vocabulary. The defaults are those of an uncased BERT.
package struct WordPieceSettings: Sendable, Equatable {
  /// Whether the model was trained on lower-cased text.
  package var lowercase = true
  /// Whether it was trained on text without accents; models that lower-case usually were.
  package var stripAccents = true
  /// Whether each Chinese character is a word.
  package var separatesChinese = true
  /// Whether words are separated by blanks alone; then nothing else is split, removed or lower-cased.
  package var isPretokenized = false
  /// Words between blanks that stay as they are, in case, accents and punctuation.
  package var neverSplit: [String] = []
  /// The piece for a word that has none.
  package var unknown = "[UNK]"
  /// The piece at the beginning of every text.
  package var first = "[CLS]"
  /// The piece at the end of every text.
  package var last = "[SEP]"
  /// The beginning of pieces that continue a word.
  package var prefix = "##"
  /// The maximum number of scalars in a word; a longer one is always unknown.
  package var wordLimit = 100
  /// The tokens that are found before words are; nil for those of `[UNK]`, `[SEP]`, `[CLS]`, `[PAD]` and `[MASK]` that
  /// the vocabulary has.
  package var addedTokens: [AddedToken]?

  /// The settings of an uncased BERT.
  package init() {}
}
