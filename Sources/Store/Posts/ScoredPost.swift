/// One post as a run scored it: its content, the scorer, and the prediction.
public struct ScoredPost: Sendable {
  /// A model at a precision, as the store names it.
  public struct Scorer: Sendable {
    /// The model's name.
    public var modelName: String
    /// The model's fingerprint.
    public var fingerprint: String
    /// The precision, as `score` resolved it.
    public var precision: String
    /// How pictures were decoded; nil where the options do not say.
    public var decoding: String?
  }

  /// A file of features that the post was scored with.
  public struct Features: Sendable, Equatable {
    /// The stream's name.
    public var stream: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    public var hash: String
  }

  /// The post's key.
  public var key: String
  /// The run's name.
  public var run: String
  /// The run's folder of pictures as given; nil where each file's own was taken.
  public var images: String?
  /// When the run ended, or began where it has not: UTC in ISO 8601.
  public var scoredAt: String
  /// The file of the corpus that the post stands in.
  public var file: String
  /// Its line there.
  public var line: Int
  /// How many posts of this key, each with another content, the run scored; this is the last of them.
  public var versions: Int
  /// The text, to the byte.
  public var text: String
  /// The third stream's text.
  public var knowledge: String
  /// The picture's path as written; nil where the post names none.
  public var image: String?
  /// SHA-256 of the picture's bytes; nil for a post that was scored without one.
  public var pictureHash: String?
  /// The files of features, by their streams' names.
  public var features: [Features]
  /// The cells of the corpus' other columns, by the columns' names.
  public var extra: [(name: String, value: String)]
  /// A small JPEG of the picture, where the store keeps one.
  public var thumbnail: [UInt8]?
  /// The model at its precision.
  public var scorer: Scorer
  /// The label of the largest probability.
  public var label: String
  /// That probability.
  public var confidence: Double
  /// Every label's probability, in the model's order.
  public var probabilities: [(label: String, value: Double)]
  /// The cosine of the text's and the picture's vector; nil without a picture.
  public var textImageSimilarity: Double?
  /// The share of `[UNK]` among the text's pieces.
  public var unknownShare: Double
  /// How many pieces of the text were cut off.
  public var truncated: Int
  /// The true label; nil where nobody noted one.
  public var truth: String?
}

/// Why a run has no such post: facts only, their words are in `ScoredPostError+Words.swift`.
public enum ScoredPostError: Error, Equatable, Sendable {
  /// No run of the store has a post of this key; `near` is a key that is there and much like it.
  case unknown(key: String, run: String, near: String?)
  /// Other runs have scored it.
  case inOtherRuns(key: String, run: String, others: [String])
  /// The row is a fault in this run.
  case faulted(key: String, run: String, stage: String, code: String, detail: String)
}
