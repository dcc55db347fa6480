/// Divides records into fields where libcsv cannot: without quotes, and with backslashes that escape.
///
/// What quotes mean is as in libcsv, so that both readers give the same records: a quote within a field, or text after
/// a closing quote, is a character, and is reported by ``hasStrayQuote``. With a backslash, Python's `csv` decides: the
/// next character is taken as it is, in quotes and outside.
struct DialectTokenizer {
  private enum State {
    /// At the beginning of a field.
    case start
    /// Within a field without quotes.
    case plain
    /// Within quotes.
    case quoted
    /// After a quote within quotes: it ends the field, or another one follows.
    case quoteInQuotes
  }

  private let delimiter: UInt8
  private let quote: UInt8?
  private let escapes: Bool
  private var state = State.start
  /// Whether the last byte was a backslash that escapes the next.
  private var isEscaping = false
  private var field: [UInt8] = []
  /// Whether there is a quote where RFC 4180 allows none.
  private(set) var hasStrayQuote = false

  init(_ dialect: Dialect, delimiter: UInt8) {
    (quote, escapes, self.delimiter) = (dialect.quote.byte, dialect.escapesByBackslash, delimiter)
  }

  /// The length of the field that is open.
  var openBytes: Int { field.count }

  /// Discards the current record.
  mutating func begin() {
    (state, isEscaping, hasStrayQuote) = (.start, false, false)
    field.removeAll(keepingCapacity: true)
  }

  /// Takes a piece of a line, and the line end if it is the last piece. O(bytes).
  mutating func feed(
    _ content: UnsafeRawBufferPointer, ending: UnsafeRawBufferPointer, isLast: Bool, into fields: inout FieldBuffer
  ) {
    if quote == nil, !escapes { split(content, into: &fields) } else { read(content, into: &fields) }
    guard isLast else { return }
    if isEscaping || state == .quoted, !ending.isEmpty {
      field.append(contentsOf: ending)
      isEscaping = false
      if state == .start { state = .plain }
      return
    }
    // Python ends a file's last, escaped line with a line feed.
    if isEscaping { field.append(UInt8(ascii: "\n")) }
    guard state != .quoted else { return }
    finish(&fields)
    fields.close()
  }

  /// Without quotes and escapes every delimiter divides.
  private mutating func split(_ content: UnsafeRawBufferPointer, into fields: inout FieldBuffer) {
    var rest = content[...]
    while let place = rest.firstIndex(of: delimiter) {
      let part = UnsafeRawBufferPointer(rebasing: rest[..<place])
      if field.isEmpty {
        fields.append(part)
      } else {
        field.append(contentsOf: part)
        finish(&fields)
      }
      rest = rest[(place + 1)...]
    }
    field.append(contentsOf: rest)
  }

  private mutating func read(_ content: UnsafeRawBufferPointer, into fields: inout FieldBuffer) {
    for byte in content {
      if isEscaping {
        isEscaping = false
        if state == .start || state == .quoteInQuotes { state = .plain }
        field.append(byte)
        continue
      }
      switch state {
      case .quoteInQuotes:
        if byte == quote {
          field.append(byte)
          state = .quoted
          continue
        }
        if byte == delimiter {
          finish(&fields)
          continue
        }
        // As libcsv does: the quote was a character, and the field is still in quotes.
        hasStrayQuote = true
        if let quote { field.append(quote) }
        state = .quoted
        take(byte)
      case .quoted:
        if byte == quote { state = .quoteInQuotes } else { take(byte) }
      case .start, .plain:
        if byte == delimiter {
          finish(&fields)
        } else if byte == quote, state == .start {
          state = .quoted
        } else {
          if byte == quote { hasStrayQuote = true }
          state = .plain
          take(byte)
        }
      }
    }
  }

  /// Adds a character to the field, unless it escapes the next.
  private mutating func take(_ byte: UInt8) {
    if escapes, byte == UInt8(ascii: "\\") { isEscaping = true } else { field.append(byte) }
  }

  private mutating func finish(_ fields: inout FieldBuffer) {
    field.withUnsafeBytes { fields.append($0) }
    field.removeAll(keepingCapacity: true)
    (state, isEscaping) = (.start, false)
  }
}
