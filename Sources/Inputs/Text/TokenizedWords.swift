/// A text as a model reads it, and the words that its pieces spell.
public struct TokenizedWords: Sendable, Equatable {
  /// A word of the text, as the tokenizer writes it.
  public struct Word: Sendable, Equatable {
    /// Its UTF-8, lower-cased and without accents where the tokenizer does that.
    public var bytes: [UInt8]
    /// Its pieces, by their places among the ids; those that were cut off are not counted.
    public var pieces: Range<Int>

    /// A word of these pieces.
    public init(bytes: [UInt8], pieces: Range<Int>) { (self.bytes, self.pieces) = (bytes, pieces) }
  }

  /// The pieces.
  public var text: TokenizedText
  /// The words in order, each with at least one piece. What stands for a piece of its own, such as `[MASK]`, is one.
  public var words: [Word]

  /// A text of these words.
  public init(text: TokenizedText, words: [Word]) { (self.text, self.words) = (text, words) }
}
