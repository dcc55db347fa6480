import Bytes

/// Counts signs in a file's records that it has another dialect than the one it is read in.
struct DialectSigns {
  private let file: String
  private let layout: ColumnLayout
  private let delimiter: UInt8
  private let dialect: Dialect
  private let limit: Int
  /// Rows within quoted cells, cells with such rows, and the line of the first.
  private var swallowed = (rows: 0, cells: 0, line: 0)
  /// Records with a backslash before a quote, and cells that were left out, with the lines of the first.
  private var escapes = (count: 0, line: 0), omitted = (count: 0, line: 0)
  /// Rows with too many cells of which one ends in a backslash, and rows with a blank before a quote.
  private var escapedDelimiters = (count: 0, line: 0), blanks = (count: 0, line: 0)
  /// The number of the last record, and the lines that records took beyond the first of each.
  private var records = 0, furtherLines = 0

  init(file: String, layout: ColumnLayout, delimiter: UInt8, options: CorpusOptions) {
    (self.file, self.layout, self.delimiter, dialect) = (file, layout, delimiter, options.dialect)
    limit = options.limits.fieldBytes
  }

  /// Looks at a record. Nearly all have one line and no stray quote, and cost three comparisons.
  @inline(__always)
  mutating func inspect(_ record: RecordReader.Record, _ parser: borrowing RecordParser) {
    records = record.number
    if record.lines > 1 || record.fault != nil || parser.hasStrayQuote || parser.fields.omitted > 0 {
      examine(record, parser)
    }
  }

  private mutating func examine(_ record: RecordReader.Record, _ parser: borrowing RecordParser) {
    furtherLines += record.lines - 1
    if parser.fields.omitted > 0 {
      if omitted.count == 0 { omitted.line = record.line }
      omitted.count += parser.fields.omitted
    }
    if parser.hasStrayQuote, !dialect.escapesByBackslash, hasEscapedQuote(parser.fields) {
      if escapes.count == 0 { escapes.line = record.line }
      escapes.count += 1
    }
    if case .tooManyFields? = record.fault, !dialect.escapesByBackslash, hasEscapedEnd(parser.fields) {
      if escapedDelimiters.count == 0 { escapedDelimiters.line = record.line }
      escapedDelimiters.count += 1
    }
    if parser.hasStrayQuote, hasBlankBeforeQuote(parser.fields) {
      if blanks.count == 0 { blanks.line = record.line }
      blanks.count += 1
    }
    guard record.lines > 1, record.fault == nil, dialect.quote != .none else { return }
    for place in 0..<min(record.fieldCount, parser.fields.keptCount) {
      let rows = parser.fields.withBytes(of: place) { lostRows(in: $0, at: place, parser.fields) }
      guard rows > 0 else { continue }
      if swallowed.cells == 0 { swallowed.line = record.line }
      swallowed.rows += rows
      swallowed.cells += 1
    }
  }

  /// What was found so far.
  var notices: [CorpusNotice] {
    var notices: [CorpusNotice] = []
    if swallowed.cells > 0 {
      notices.append(
        .swallowedRows(
          file: file, line: swallowed.line, count: swallowed.rows, cells: swallowed.cells, records: records,
          lines: records + furtherLines))
    }
    if escapes.count > 0 { notices.append(.likelyEscapes(file: file, line: escapes.line, count: escapes.count)) }
    if escapedDelimiters.count > 0 {
      notices.append(
        .likelyEscapedDelimiters(file: file, line: escapedDelimiters.line, count: escapedDelimiters.count))
    }
    if blanks.count > 0 {
      notices.append(.blanksBeforeQuotes(file: file, line: blanks.line, count: blanks.count, delimiter: delimiter))
    }
    if omitted.count > 0 {
      notices.append(.longCells(file: file, line: omitted.line, count: omitted.count, limit: limit))
    }
    return notices
  }

  private func hasEscapedQuote(_ fields: FieldBuffer) -> Bool {
    guard let quote = dialect.quote.byte else { return false }
    return (0..<fields.keptCount).contains { place in
      fields.withBytes(of: place) { bytes in
        bytes.indices.contains {
          bytes[$0] == UInt8(ascii: "\\") && $0 + 1 < bytes.count && bytes[$0 + 1] == quote
        }
      }
    }
  }

  /// Whether a cell ends in a backslash that is not itself escaped.
  private func hasEscapedEnd(_ fields: FieldBuffer) -> Bool {
    (0..<fields.keptCount).contains { place in
      fields.withBytes(of: place) { bytes in
        !bytes.reversed().prefix { $0 == UInt8(ascii: "\\") }.count.isMultiple(of: 2)
      }
    }
  }

  private func hasBlankBeforeQuote(_ fields: FieldBuffer) -> Bool {
    guard let quote = dialect.quote.byte else { return false }
    return (0..<fields.keptCount).contains { place in
      fields.withBytes(of: place) { bytes in
        bytes.first == 0x20 && bytes.first { $0 != 0x20 } == quote
      }
    }
  }

  /// The number of line breaks in a cell at which one row ends and another begins: then the cell's first line completes
  /// the record, its last line begins one, and those between are whole.
  ///
  /// Where commas or the like separate cells, text may look so, too. Then the ids of these rows must look like the
  /// record's own.
  private func lostRows(in cell: UnsafeBufferPointer<UInt8>, at place: Int, _ fields: FieldBuffer) -> Int {
    let expected = layout.names.count - 1
    guard expected > 0, cell.contains(UInt8(ascii: "\n")) else { return 0 }
    let parts = cell.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let counts = parts.map { part in part.count { $0 == delimiter } }
    guard place + counts[0] == expected, counts[counts.count - 1] == place,
      counts.dropFirst().dropLast().allSatisfy({ $0 == expected })
    else { return 0 }
    if delimiter < 0x20 { return parts.count - 1 }
    guard let id = layout.id, id < place else { return 0 }
    let own = fields.withBytes(of: id) { Self.shape($0[...]) }
    let areIDs = parts.dropFirst().allSatisfy { part in
      let cells = part.split(separator: delimiter, maxSplits: id + 1, omittingEmptySubsequences: false)
      return Self.shape(cells[id]) == own
    }
    return areIDs ? parts.count - 1 : 0
  }

  /// Whether a cell is digits alone, one word with a digit, or anything else.
  private static func shape(_ cell: Slice<UnsafeBufferPointer<UInt8>>) -> Shape {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    if !cell.isEmpty, cell.allSatisfy(isDigit) { return .number }
    return cell.contains(where: isDigit) && !cell.contains(where: isBlank) ? .word : .text
  }

  private enum Shape { case number, word, text }

  /// Whether most of a file's first lines have a cell in single quotes, while double ones mean something.
  static func likelySingleQuotes(_ lines: [PeekedLine], _ delimiter: UInt8, _ dialect: Dialect) -> Bool {
    dialect.quote == .double && mostHaveCells(in: ("'", "'"), lines, delimiter)
  }

  /// The quotes around cells in most of a file's first lines, if they are quotes that no dialect has.
  static func otherQuotes(_ lines: [PeekedLine], _ delimiter: UInt8) -> (open: String, close: String)? {
    let pairs = [("“", "”"), ("„", "“"), ("«", "»"), ("`", "`"), ("‘", "’")]
    return pairs.first { mostHaveCells(in: $0, lines, delimiter) }.map { (open: $0.0, close: $0.1) }
  }

  private static func mostHaveCells(in quotes: (String, String), _ lines: [PeekedLine], _ delimiter: UInt8) -> Bool {
    guard lines.count > 1 else { return false }
    let open = Array(quotes.0.utf8), close = Array(quotes.1.utf8)
    let quoted = lines.count { line in
      let parts = line.parts(by: delimiter)
      return !line.bytes.contains(UInt8(ascii: "\"")) && parts.contains { $0.starts(with: open) }
        && parts.contains { $0.count > close.count && $0.suffix(close.count).elementsEqual(close) }
    }
    return 2 * quoted > lines.count
  }
}
