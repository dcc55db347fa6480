package import Bytes

/// Why a row was not scored: a value that is passed on like a post, not an exception.
package struct RowFault: Equatable, Sendable {
  /// The stage at which the row was faulted.
  package enum Stage: String, Sendable, CaseIterable {
    /// Reading the row from its file.
    case corpus
    /// Reading the row's picture.
    case image
    /// Reading the row's features.
    case features
    /// Computing the model.
    case model
  }

  /// The row's place in the corpus.
  package var position: RowPosition
  /// The row's key, if it could be read.
  package var key: ByteText?
  /// The stage at which the row was faulted.
  package var stage: Stage
  /// The kind of fault.
  package var code: FaultCode
  /// The file in question, if it is not the corpus file.
  package var path: String?
  /// The problem in a few words, with how to fix it if that is known.
  package var detail: String

  /// Creates a fault.
  package init(
    position: RowPosition, key: ByteText?, stage: Stage, code: FaultCode, path: String? = nil, detail: String
  ) {
    self.position = position
    self.key = key
    self.stage = stage
    self.code = code
    self.path = path
    self.detail = detail
  }

  /// The fault as a JSON object for programs that read a command's progress.
  package var json: JSON {
    .members([
      ("event", .string("fault")), ("file", .string(position.file.text)), ("line", .integer(position.line)),
      ("stage", .string(stage.rawValue)), ("code", .string(code.rawValue)), ("detail", .string(detail)),
      ("key", key.map { .string($0.text) }), ("path", path.map(JSON.string)),
    ])
  }
}

/// The kinds of faults; the raw value is stored and visible to users' SQL.
package enum FaultCode: String, Sendable, CaseIterable {
  // Stage `corpus`.
  case tooFewFields = "too_few_fields"
  case tooManyFields = "too_many_fields"
  case invalidEncoding = "invalid_encoding"
  case nulCharacter = "nul_character"
  case fieldTooLarge = "field_too_large"
  case emptyKey = "empty_key"
  case emptyPost = "empty_post"
  case unbalancedQuote = "unbalanced_quote"
  case invalidJSON = "invalid_json"
  case noLabel = "no_label"
  case severalLabels = "several_labels"
  case noAnnotator = "no_annotator"
  case severalContents = "several_contents"
  case noPost = "no_post"
  case repeatedKey = "repeated_key"
  case badProbability = "bad_probability"
  case unknownLabel = "unknown_label"
  // Stage `image`.
  case missing
  case ambiguous
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
  // Stage `features`, in addition to those of `image`.
  case wrongShape = "wrong_shape"
  case tooManyRows = "too_many_rows"
  // Stage `model`.
  case notFinite = "not_finite"
}

/// A fault in one record: the facts behind a fault of stage `corpus`.
package enum RecordFault: Equatable, Sendable {
  /// Fewer fields than the header has; a stray quote, if one was seen, may be the cause.
  case tooFewFields(found: Int, expected: Int, hasStrayQuote: Bool)
  /// More fields than the header has.
  case tooManyFields(found: Int, expected: Int, hasStrayQuote: Bool)
  /// A field, or all of them together, over the limit in bytes.
  case tooLarge(Part, limit: Int)
  /// A NUL character in a field.
  case nulCharacter(column: String)
  /// Bytes in a field that its encoding does not allow.
  case invalidEncoding(column: String, encoding: TextEncoding)
  /// An empty id cell.
  case emptyKey(column: String)
  /// Neither text nor a picture.
  case emptyPost
  /// A quote that opens a field and is not closed as it should be.
  case unbalancedQuote(QuoteFault)
  /// A record of JSON that is not as it should be.
  case json(JSONFault)

  /// The part of a record to which a size limit applies.
  package enum Part: Equatable, Sendable {
    /// One field, by its number from 1.
    case field(Int)
    /// All fields of a record together.
    case record
  }

  /// Why a quoted field that is open at the end of its line is not continued.
  package enum QuoteFault: Equatable, Sendable {
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
    case .json(let fault): fault.code
    }
  }
}

extension RecordFault: CustomStringConvertible {
  /// The message: the finding and how to fix it.
  package var description: String {
    switch self {
    case .tooFewFields(let found, let expected, let hasStrayQuote):
      Self.count(found, expected) + (hasStrayQuote ? Self.strayQuote : "")
    case .tooManyFields(let found, let expected, let hasStrayQuote):
      Self.count(found, expected)
        + (hasStrayQuote ? Self.strayQuote : ": quote fields that hold the delimiter")
    case .tooLarge(.field(let number), let limit):
      "field \(number) is over \(Self.size(limit)): shorten it"
    case .tooLarge(.record, let limit):
      "the fields together are over \(Self.size(limit)): shorten them"
    case .nulCharacter(let column):
      "a NUL character in column '\(column.clipped(to: 60))': remove it"
    case .invalidEncoding(let column, .utf8):
      "column '\(column.clipped(to: 60))' is not valid UTF-8: save the file as UTF-8, "
        + "or name its encoding with --encoding"
    case .invalidEncoding(let column, let encoding):
      "column '\(column.clipped(to: 60))' is not valid \(encoding.rawValue): convert the file to UTF-8"
    case .emptyKey(let column):
      "column '\(column.clipped(to: 60))' is empty: give the post an id"
    case .emptyPost:
      "neither text nor a picture, so there is nothing to score: fill one in, or leave the row out"
    case .unbalancedQuote(let fault):
      "a quoted field does not end on this line\(Self.words(fault)): close the quote, write quotes within "
        + "a field twice, and leave no space after a closing quote; or, if quotes mean nothing in this file, read it with "
        + "--quote none, and if it has \\\" within cells, with --escape backslash"
    case .json(let fault): fault.description
    }
  }

  private static let strayQuote =
    ": a quote within a field may have joined fields: write it twice, and leave no space "
    + "before an opening or after a closing quote"

  private static func count(_ found: Int, _ expected: Int) -> String {
    "\(found) \(found == 1 ? "field" : "fields") where the header has \(expected)"
  }

  private static func words(_ fault: QuoteFault) -> String {
    switch fault {
    case .strayQuote: ", and a quote within it is followed by other text"
    case .endOfFile: " nor before the file does"
    case .tooManyLines(let limit): " nor within \(limit) lines"
    case .tooLarge(let limit): " nor within \(size(limit))"
    case .otherFieldCount(let expected): ", and with the lines after it does not make \(expected) fields"
    }
  }

  static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }
}
