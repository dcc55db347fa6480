/// Why a row was not scored: a value that travels beside posts, never an exception.
public struct RowFault: Equatable, Sendable {
  /// The part of the way on which the row was lost.
  public enum Stage: String, Sendable, CaseIterable {
    /// Reading the row out of its file.
    case corpus
    /// Reading the row's picture.
    case image
    /// Reading the row's features.
    case features
    /// The model's own arithmetic.
    case model
  }

  /// Where the row stands.
  public var position: RowPosition
  /// The row's key, where the row could be read that far.
  public var key: String?
  /// The part of the way on which the row was lost.
  public var stage: Stage
  /// The kind of trouble.
  public var code: FaultCode
  /// The file in question, where it is not the corpus itself.
  public var path: String?
  /// What was found, in a few words that name the mend where there is one.
  public var detail: String

  /// Creates a fault.
  public init(
    position: RowPosition, key: String?, stage: Stage, code: FaultCode, path: String? = nil, detail: String
  ) {
    self.position = position
    self.key = key
    self.stage = stage
    self.code = code
    self.path = path
    self.detail = detail
  }
}

/// The kinds of trouble a row can be in; the raw value is what the store and people's SQL see.
public enum FaultCode: String, Sendable, CaseIterable {
  // Stage `corpus`.
  case tooFewFields = "too_few_fields"
  case tooManyFields = "too_many_fields"
  case invalidEncoding = "invalid_encoding"
  case nulCharacter = "nul_character"
  case fieldTooLarge = "field_too_large"
  case emptyKey = "empty_key"
  case emptyPost = "empty_post"
  case unbalancedQuote = "unbalanced_quote"
  case noLabel = "no_label"
  case noPost = "no_post"
  case repeatedKey = "repeated_key"
  case badProbability = "bad_probability"
  case unknownLabel = "unknown_label"
  // Stage `image`.
  case missing
  case unreadable
  case outsideFolder = "outside_folder"
  case directory
  case notAFile = "not_a_file"
  case emptyFile = "empty_file"
  case fileTooLarge = "file_too_large"
  case tooManyPixels = "too_many_pixels"
  case unsupportedFormat = "unsupported_format"
  case truncated
  case corrupt
  // Stage `features`, beside those of `image`.
  case wrongShape = "wrong_shape"
  case tooManyRows = "too_many_rows"
  // Stage `model`.
  case notFinite = "not_finite"
}
