import Bytes

/// The first record of a CSV file, from which its columns follow.
struct CSVHeader {
  let path: String
  /// The file's name in the ledger.
  let name: String
  /// The line it begins on, from 1.
  let line: Int
  let delimiter: UInt8
  let options: CorpusOptions
  let cells: [String]

  /// The cells of the first record, which must all be text. Lines that an open quote might have joined to it are not
  /// included.
  static func cells(
    _ record: RecordReader.Record, _ parser: borrowing RecordParser, _ path: String, _ options: CorpusOptions
  ) throws(CorpusError) -> [String] {
    let count = min(record.fieldCount, parser.fields.keptCount)
    if let place = parser.fields.fieldWithNUL, place < count {
      throw .nulInHeader(file: path, encoding: options.encoding)
    }
    var cells: [String] = []
    for index in 0..<count {
      guard let cell = parser.fields.text(of: index) else {
        throw .headerNotText(file: path, encoding: options.encoding)
      }
      cells.append(cell)
    }
    return cells
  }

  /// Rejects a first record from which the columns are not certain.
  func check(_ record: RecordReader.Record, _ parser: borrowing RecordParser) throws(CorpusError) {
    let returns = UInt8(ascii: "\r")
    if options.hasHeader, cells.contains(where: { $0.utf8.contains(returns) }) {
      throw .carriageReturnLines(file: path)
    }
    if let fault = record.fault {
      throw .malformedHeader(file: path, line: record.line, fault: fault)
    }
    if parser.fields.count > options.limits.columns {
      throw .tooManyColumns(file: path, found: parser.fields.count, limit: options.limits.columns)
    }
    // In a row, a quote within a field is a character; in a header it may have joined two columns.
    if options.hasHeader, parser.hasStrayQuote {
      throw .malformedHeader(file: path, line: record.line, fault: .unbalancedQuote(.strayQuote))
    }
  }

  /// The columns, and notices about their names.
  func layout(_ notices: inout [CorpusNotice]) throws(CorpusError) -> ColumnLayout {
    let names = cells.map { options.hasHeader ? ByteText($0) : "" }
    let (numbered, unnamed) = ColumnLayout.numberingUnnamed(names)
    let layout = try ColumnLayout(names: numbered, columns: options.columns, file: path)
    if options.hasHeader, !unnamed.isEmpty {
      notices.append(.unnamedColumns(file: name, numbers: unnamed))
    }
    if !layout.renamed.isEmpty { notices.append(.renamedColumns(file: name, columns: layout.renamed)) }
    if !layout.guesses.isEmpty { notices.append(.unreadColumns(file: name, guesses: layout.guesses)) }
    // A column that the user named with its blanks, or that the notice above names, needs no other notice.
    let said = Set(layout.guesses.map(\.name))
    let unread = layout.extra.filter { $0 != layout.date }.map { names[$0] }
    if let padded = unread.first(where: { Self.hasBlanksAround($0) && !said.contains($0) }) {
      notices.append(.blanksAroundColumn(file: name, name: padded.text))
    }
    return layout
  }

  /// A better explanation for an unreadable header than its fault, if there is one.
  func cause(of error: CorpusError, _ records: RecordReader) throws(CorpusError) -> CorpusError {
    var records = records
    // UTF-8 read as UTF-16, or UTF-16 read in the wrong byte order, hardly ever gives a Latin letter.
    if records.source.lacksByteOrder, !cells.contains(where: { $0.utf8.contains { $0 < 0x80 && !isBlank($0) } }) {
      return .headerNotText(file: path, encoding: .utf16)
    }
    let lines = try records.peekLines()
    // Names of columns with blanks between them, as many as every line has cells.
    let words = cells.first?.split(separator: " ", omittingEmptySubsequences: false).map { ByteText(String($0)) } ?? []
    if cells.count == 1, options.hasHeader, !lines.isEmpty,
      words.contains(options.columns.text.name) || words.contains(options.columns.image.name),
      lines.allSatisfy({ $0.count(of: delimiter) == words.count - 1 }), words.count > 1
    {
      return .otherHeaderDelimiter(file: path, header: UInt8(ascii: " "), rows: delimiter)
    }
    // A single column that contains another delimiter explains why the others are missing.
    if cells.count == 1 {
      let found = options.hasHeader ? HeaderSeparator.find(in: cells[0], wanted: wanted, rows: lines) : nil
      let separator =
        found.flatMap(HeaderSeparator.byte) ?? ColumnLayout.separator(in: cells[0], otherThan: delimiter)
      if let separator, separator != delimiter {
        let count = cells[0].utf8.count { $0 == separator }
        if !lines.isEmpty, lines.allSatisfy({ $0.count(of: delimiter) == count }) {
          return .otherHeaderDelimiter(file: path, header: separator, rows: delimiter)
        }
      }
      if let found, HeaderSeparator.byte(found) == delimiter, !lines.isEmpty, lines.allSatisfy(\.isInQuotes) {
        return .quotedLines(file: path)
      }
      if let found, HeaderSeparator.byte(found) == nil {
        return .longSeparator(file: path, header: cells[0], separator: found)
      }
      if let separator, separator != delimiter {
        let joined = CorpusError.joinedHeader(
          file: path, header: cells[0], separator: separator, delimiter: delimiter)
        // Below a line that only seems to be a header there may be the real one.
        return found != nil ? joined : lowerHeader(lines, error) ?? joined
      }
    }
    return lowerHeader(lines, error) ?? error
  }

  /// Rejects rows that another character separates than the header.
  func compare(with lines: [PeekedLine], _ layout: ColumnLayout) throws(CorpusError) {
    let expected = cells.count - 1
    guard options.hasHeader, expected > 0, !lines.isEmpty,
      !lines.contains(where: { $0.count(of: delimiter) == expected }),
      let other = ColumnLayout.separators.first(where: { separator in
        separator != delimiter && lines.allSatisfy { $0.count(of: separator) == expected }
      })
    else { return }
    throw .otherHeaderDelimiter(file: path, header: delimiter, rows: other)
  }

  /// The names of columns with texts and pictures.
  private var wanted: Set<ByteText> {
    let columns = [options.columns.text, options.columns.image]
    return Set(columns.flatMap { [$0.name] + ($0.expression?.columns ?? []) })
  }

  /// The line below that names the columns, if a column is missing and there is such a line.
  private func lowerHeader(_ lines: [PeekedLine], _ error: CorpusError) -> CorpusError? {
    guard options.hasHeader else { return nil }
    var wanted = wanted
    switch error {
    case .missingColumn(_, _, let name, _, _): wanted = [ByteText(name)]
    case .noContentColumn, .malformedHeader: break
    default: return nil
    }
    let named = lines.first { line in
      line.parts(by: delimiter).contains { part in
        let name = ByteText(String(decoding: part.filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self))
        return wanted.contains(name)
      }
    }
    let others = ColumnLayout.separators.filter { $0 != delimiter }
    let (found, separator) =
      named.map { ($0, nil) } ?? otherwiseNamed(lines, wanted) ?? wider(lines, by: delimiter).map { ($0, nil) }
      ?? others.lazy.compactMap { other in wider(lines, by: other).map { ($0, other) } }.first ?? (nil, nil)
    guard let found else { return nil }
    let first = cells.first?.utf8.first
    let sign = first.flatMap { byte in
      [UInt8(ascii: "#"), UInt8(ascii: "%"), UInt8(ascii: ";")].contains(byte)
        && lines.allSatisfy { $0.number >= found.number || $0.bytes.first == byte } ? byte : nil
    }
    return .lowerHeader(
      file: path, line: found.number, comments: sign, first: cells.joined(separator: " "), separator: separator)
  }

  /// The first line that has one of the names, parted by another character.
  private func otherwiseNamed(_ lines: [PeekedLine], _ wanted: Set<ByteText>) -> (PeekedLine?, UInt8?)? {
    for (place, line) in lines.enumerated() {
      let text = String(decoding: line.bytes, as: UTF8.self)
      if let found = HeaderSeparator.find(in: text, wanted: wanted, rows: Array(lines[(place + 1)...])),
        let byte = HeaderSeparator.byte(found), byte != delimiter
      {
        return (line, byte)
      }
    }
    return nil
  }

  /// The first line that is wider by two than the header and not wider than the next.
  private func wider(_ lines: [PeekedLine], by separator: UInt8) -> PeekedLine? {
    let counts = lines.map { $0.count(of: separator) }
    let header = separator == delimiter ? cells.count - 1 : cells.reduce(0) { $0 + $1.utf8.count { $0 == separator } }
    return counts.indices.dropLast().first {
      counts[$0] <= counts[$0 + 1] && counts[$0] >= header + 2 && counts[$0] > (counts[..<$0].max() ?? 0)
    }.map { lines[$0] }
  }

  private static func hasBlanksAround(_ name: ByteText) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    return isBlank(first) || isBlank(last)
  }
}
