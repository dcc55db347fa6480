import Bytes

/// A CSV file as records.
final class CSVFile: RowSource {
  let layout: ColumnLayout
  let notices: [CorpusNotice]
  private let encoding: TextEncoding
  private var parser: RecordParser
  private var signs: DialectSigns
  private var protected: ProtectedCells
  private var records: RecordReader
  /// The record returned last; its fields are in the parser.
  private var record: RecordReader.Record?

  /// Reads the header of an open file.
  init(_ source: LineSource, path: String, name: String, options: CorpusOptions) throws(CorpusError) {
    var records = RecordReader(
      source, limits: options.limits, dialect: options.dialect, keepsSurplus: options.keepsSurplus)
    try records.skipLines()
    var notices: [CorpusNotice] = source.lacksByteOrder ? [.assumedLittleEndian(file: name)] : []
    let separator = try records.takeSeparatorLine()
    let delimiter = options.delimiter ?? separator ?? Delimiter.implied(by: path)
    if let separator { notices.append(.separatorLine(file: name, separator: separator, delimiter: delimiter)) }
    var parser = RecordParser(limits: options.limits, delimiter: delimiter, dialect: options.dialect)
    guard let record = try records.first(&parser, isHeader: options.hasHeader) else {
      throw .empty(file: path)
    }
    let protected = ProtectedCells(file: name, options: options)
    let header = CSVHeader(
      path: path, name: name, line: record.line, delimiter: delimiter, options: options,
      cells: try CSVHeader.cells(record, parser, path, options).map(protected.plain))
    do {
      try header.check(record, parser)
      layout = try header.layout(&notices)
    } catch {
      throw try header.cause(of: error, records)
    }
    let lines = try records.peekLines()
    try header.compare(with: lines, layout)
    if DialectSigns.likelySingleQuotes(lines, delimiter, options.dialect) {
      notices.append(.likelyQuotes(file: name, line: lines.first?.number ?? 1))
    } else if let (open, close) = DialectSigns.otherQuotes(lines, delimiter) {
      notices.append(.otherQuotes(file: name, line: lines.first?.number ?? 1, open: open, close: close))
    }
    parser.setUses(layout.names.indices.map(layout.use))
    signs = DialectSigns(file: name, layout: layout, delimiter: delimiter, options: options)
    self.protected = protected
    self.notices = notices
    self.records = records
    self.parser = parser
    encoding = options.encoding
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

  var closingNotices: [CorpusNotice] { signs.notices + protected.notices }

  func next() throws(CorpusError) -> SourceRecord? {
    record = try records.next(&parser, expecting: layout.names.count)
    guard let record else { return nil }
    signs.inspect(record, parser)
    return SourceRecord(number: record.number, line: record.line, content: content(of: record, parser.fields))
  }

  var undivided: CorpusParts.Undivided? {
    if isCompressed { return .compressed }
    return records.source.isUTF16 ? .utf16 : nil
  }

  func skip() throws(CorpusError) -> Bool { try records.next(&parser, expecting: layout.names.count) != nil }

  func place() throws(CorpusError) -> RecordPlace { try records.place() }

  func move(to source: LineSource, record: Int, line: Int) {
    records.move(to: source, record: record, line: line)
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
    protected.take(&cells, line: record.line)
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
    return protected.plain(id)
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
