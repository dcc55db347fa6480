extension RecordTrouble: CustomStringConvertible {
  /// What was found, and what mends it.
  public var description: String {
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
    case .unbalancedQuote(let trouble):
      "a quoted field does not end on this line\(Self.words(trouble)): close the quote, write quotes within "
        + "a field twice, and leave no space after a closing quote"
    }
  }

  private static let strayQuote =
    ": a quote within a field may have joined fields: write it twice, and leave no space after a closing quote"

  private static func count(_ found: Int, _ expected: Int) -> String {
    "\(found) \(found == 1 ? "field" : "fields") where the header has \(expected)"
  }

  private static func words(_ trouble: QuoteTrouble) -> String {
    switch trouble {
    case .strayQuote: ", and a quote within it is followed by other text"
    case .endOfFile: " nor before the file does"
    case .tooManyLines(let limit): " nor within \(limit) lines"
    case .tooLarge(let limit): " nor within \(size(limit))"
    case .otherFieldCount(let expected): ", and with the lines after it does not make \(expected) fields"
    }
  }

  private static func size(_ bytes: Int) -> String {
    bytes >= 1 << 20 && bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }
}
