/// A text as a model reads it, and what was lost on the way.
public struct TokenizedText: Sendable, Equatable {
  /// The ids, `[CLS]` first and `[SEP]` last.
  public var ids: [Int32]
  /// The word pieces of the whole text, before any was cut off; `[CLS]` and `[SEP]` at the ends are not
  /// counted.
  public var pieces: Int
  /// How many of all `pieces` are `[UNK]`.
  public var unknown: Int
  /// How many of all `pieces` were cut off.
  public var truncated: Int

  /// Creates a tokenized text.
  public init(ids: [Int32], pieces: Int, unknown: Int, truncated: Int) {
    self.ids = ids
    self.pieces = pieces
    self.unknown = unknown
    self.truncated = truncated
  }

  /// The share of `[UNK]` among the text's pieces, 0 for a text without pieces.
  public var unknownShare: Double { pieces == 0 ? 0 : Double(unknown) / Double(pieces) }
}
