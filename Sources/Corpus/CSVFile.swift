import Bytes

/// A CSV file as records.
final class CSVFile: RowSource {
  let layout: ColumnLayout
  let notices: [CorpusNotice]
  private let encoding: TextEncoding
  private var parser: RecordParser
  private var records: RecordReader
  /// The record returned last; its fields are in the parser.
  private var record: RecordReader.Record?

  /// Reads the header of an open file.
  init(_ source: LineSource, path: String, name: String, options: CorpusOptions) throws(CorpusError) {
    var records = RecordReader(source, limits: options.limits, keepsSurplus: options.keepsSurplus)
    var parser = RecordParser(limits: options.limits)
    let delimiter = options.delimiter ?? Delimiter.implied(by: path)
    parser.setDelimiter(delimiter)
    guard let record = try records.first(&parser, isHeader: options.hasHeader) else {
      throw .empty(file: path)
    }
    var notices: [CorpusNotice] = source.lacksByteOrder ? [.assumedLittleEndian(file: name)] : []
    let cells = try Self.cells(record, parser, path, options)
    if options.hasHeader, let separator = Self.separatorLine(cells, delimiter) {
      throw .separatorLine(file: path, separator: separator, delimiter: delimiter)
    }
    do {
      try Self.check(record, cells, parser, path, options)
      let names = cells.map { options.hasHeader ? ByteText($0) : "" }
      let (numbered, unnamed) = ColumnLayout.numberingUnnamed(names)
      layout = try ColumnLayout(names: numbered, columns: options.columns, file: path)
      if options.hasHeader, !unnamed.isEmpty {
        notices.append(.unnamedColumns(file: name, numbers: unnamed))
      }
      if !layout.guesses.isEmpty { notices.append(.unreadColumns(file: name, guesses: layout.guesses)) }
      // A column that the user named with its blanks, or that the notice above names, needs no other notice.
      let said = Set(layout.guesses.map(\.name))
      let unread = layout.extra.filter { [date = layout.date] in $0 != date }.map { names[$0] }
      if let padded = unread.first(where: { Self.hasBlanksAround($0) && !said.contains($0) }) {
        notices.append(.blanksAroundColumn(file: name, name: padded.text))
      }
    } catch {
      throw Self.cause(of: error, cells, path, delimiter, source)
    }
    self.notices = notices
    self.records = records
    self.parser = parser
    encoding = options.encoding
  }

  /// The cells of the first record, which must all be text. Lines that an open quote might have joined to it are not
  /// included.
  private static func cells(
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
  private static func check(
    _ record: RecordReader.Record, _ cells: [String], _ parser: borrowing RecordParser, _ path: String,
    _ options: CorpusOptions
  ) throws(CorpusError) {
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

  /// A better explanation for an unreadable header than its fault, if there is one.
  private static func cause(
    of error: CorpusError, _ cells: [String], _ path: String, _ delimiter: UInt8, _ source: LineSource
  ) -> CorpusError {
    // UTF-8 read as UTF-16, or UTF-16 read in the wrong byte order, hardly ever gives a Latin letter.
    if source.lacksByteOrder, !cells.contains(where: { $0.utf8.contains { $0 < 0x80 && !isBlank($0) } }) {
      return .headerNotText(file: path, encoding: .utf16)
    }
    // A single column that contains another delimiter explains why the others are missing.
    if cells.count == 1, let separator = ColumnLayout.separator(in: cells[0], otherThan: delimiter) {
      return .joinedHeader(file: path, header: cells[0], separator: separator, delimiter: delimiter)
    }
    return error
  }

  /// The separator that a first line such as `sep=;` declares for spreadsheets, if it was read as a header.
  private static func separatorLine(_ cells: [String], _ delimiter: UInt8) -> UInt8? {
    guard let first = cells.first,
      ["sep=", "SEP=", "Sep="].contains(where: { first.utf8.starts(with: $0.utf8) })
    else { return nil }
    let rest = Array(first.utf8.dropFirst(4))
    if rest.count == 1, cells.count == 1 { return Delimiter.isUsable(rest[0]) ? rest[0] : nil }
    return rest.isEmpty && cells.count == 2 && cells[1].isEmpty ? delimiter : nil
  }

  private static func hasBlanksAround(_ name: ByteText) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    return isBlank(first) || isBlank(last)
  }
}

// The records.
extension CSVFile {
  var size: Int? { records.source.input.size }
  var canReopen: Bool { records.source.input.canReopen }
  var isCompressed: Bool { records.source.input.isCompressed }
  var bytesTaken: Int { records.source.bytesConsumed }

  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    try records.hasLine(before: deadline)
  }

  func next() throws(CorpusError) -> SourceRecord? {
    record = try records.next(&parser, expecting: layout.names.count)
    guard let record else { return nil }
    return SourceRecord(number: record.number, line: record.line, content: content(of: record, parser.fields))
  }

  private func content(of record: RecordReader.Record, _ fields: FieldBuffer) -> SourceRecord.Content {
    if let fault = record.fault { return .fault(fault, id: readableID(record, fields)) }
    if let index = fields.fieldWithNUL {
      let id = index == layout.id ? nil : readableID(record, fields)
      return .fault(.nulCharacter(column: layout.names[index].text), id: id)
    }
    var cells: [String] = []
    cells.reserveCapacity(fields.keptCount)
    for index in 0..<fields.keptCount {
      guard let cell = fields.text(of: index) else {
        let fault = RecordFault.invalidEncoding(column: layout.names[index].text, encoding: encoding)
        return .fault(fault, id: readableID(record, fields))
      }
      cells.append(cell)
    }
    return .cells(cells)
  }

  /// The maximum length of a faulted record's id in bytes: longer ones are text that a stray quote put there.
  private static let longestFaultID = 1024

  /// The id of a faulted record, if its cell was read and is valid.
  private func readableID(_ record: RecordReader.Record, _ fields: FieldBuffer) -> String? {
    guard let place = layout.id, place < min(record.fieldCount, fields.keptCount),
      fields.length(of: place) <= Self.longestFaultID, let id = fields.text(of: place), !id.isEmpty,
      !id.utf8.contains(0)
    else { return nil }
    return id
  }

  /// The raw cells, except that invalid bytes and NULs become U+FFFD. A record with too few cells is filled up with
  /// empty ones; if it has too many, the last cell contains all the rest with the delimiters between them, if the
  /// options keep them. If the quotes are unbalanced, only the cells before the open one are there.
  var cells: [String] {
    guard let record else { return [] }
    let count = layout.names.count
    let fields = parser.fields
    let kept = min(record.fieldCount, fields.keptCount)
    var cells = (0..<min(count, kept)).map { Self.cell(fields, $0) }
    if kept > count, count > 0 {
      let rest = (count - 1..<kept).map { Self.cell(fields, $0) }
      cells[count - 1] = rest.joined(separator: String(decoding: [parser.delimiter], as: UTF8.self))
    }
    return cells + repeatElement("", count: count - cells.count)
  }

  private static func cell(_ fields: FieldBuffer, _ index: Int) -> String {
    fields.withBytes(of: index) { bytes in
      guard bytes.contains(0) else { return String(decoding: bytes, as: UTF8.self) }
      let replacement = Array("\u{FFFD}".utf8)
      return String(decoding: bytes.flatMap { $0 == 0 ? replacement : [$0] }, as: UTF8.self)
    }
  }
}
