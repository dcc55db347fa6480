/// What is wrong with one record: the facts behind a fault of stage `corpus`.
public enum RecordTrouble: Equatable, Sendable {
  /// Fewer fields than the header has; a stray quote, where one was seen, may be the cause.
  case tooFewFields(found: Int, expected: Int, hasStrayQuote: Bool)
  /// More fields than the header has.
  case tooManyFields(found: Int, expected: Int, hasStrayQuote: Bool)
  /// A field, or all of them together, over the limit in bytes.
  case tooLarge(Part, limit: Int)
  /// A NUL character in a field.
  case nulCharacter(column: String)
  /// Bytes in a field that its encoding does not allow.
  case invalidEncoding(column: String, encoding: TextEncoding)
  /// Nothing in the id's column.
  case emptyKey(column: String)
  /// Neither text nor a picture.
  case emptyPost
  /// A quote that opens a field and is not closed as it should be.
  case unbalancedQuote(QuoteTrouble)

  /// What a limit in bytes is about.
  public enum Part: Equatable, Sendable {
    /// One field, by its number from 1.
    case field(Int)
    /// All fields of a record together.
    case record
  }

  /// Why a quoted field that is open at the end of its line is not taken to go on.
  public enum QuoteTrouble: Equatable, Sendable {
    /// Something other than a delimiter, a line end or a second quote follows a quote within the field.
    case strayQuote
    /// The file ends first.
    case endOfFile
    /// The record would span too many lines.
    case tooManyLines(limit: Int)
    /// A field, or all of them together, would be too large.
    case tooLarge(limit: Int)
    /// The lines together do not have the header's number of fields.
    case otherFieldCount(expected: Int)
  }

  /// The fault's kind.
  var code: FaultCode {
    switch self {
    case .tooFewFields: .tooFewFields
    case .tooManyFields: .tooManyFields
    case .tooLarge: .fieldTooLarge
    case .nulCharacter: .nulCharacter
    case .invalidEncoding: .invalidEncoding
    case .emptyKey: .emptyKey
    case .emptyPost: .emptyPost
    case .unbalancedQuote: .unbalancedQuote
    }
  }
}
