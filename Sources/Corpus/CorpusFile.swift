import Bytes

/// One file of a corpus, open, behind its header.
struct CorpusFile {
  /// The file's name as the ledger knows it.
  let name: String
  let layout: ColumnLayout
  /// What looks wrong about the header.
  let notices: [CorpusNotice]
  var records: RecordReader
  /// Records handed out so far.
  var count = 0

  /// Opens a file and reads its header.
  init(
    path: String, name: String, options: CorpusOptions, parser: inout RecordParser
  ) throws(CorpusError) {
    self.name = name
    let source = try LineSource(
      InputFile(path: path, shouldStop: options.shouldStop), encoding: options.encoding,
      chunk: options.limits.chunkBytes)
    records = RecordReader(source, limits: options.limits, keepsSurplus: options.keepsSurplus)
    let delimiter = options.delimiter ?? Delimiter.implied(by: path)
    parser.setDelimiter(delimiter)
    guard let record = try records.first(&parser, isHeader: options.hasHeader) else {
      throw .empty(file: path)
    }
    var notices: [CorpusNotice] = source.lacksByteOrder ? [.assumedLittleEndian(file: name)] : []
    let cells = try Self.cells(parser, path, options)
    if options.hasHeader, let separator = Self.separatorLine(cells, delimiter) {
      throw .separatorLine(file: path, separator: separator, delimiter: delimiter)
    }
    do {
      try Self.check(record, cells, parser, path, options)
      let names = options.hasHeader ? cells : cells.map { _ in "" }
      let (numbered, unnamed) = ColumnLayout.numberingUnnamed(names)
      layout = try ColumnLayout(names: numbered, columns: options.columns, file: path)
      if options.hasHeader, !unnamed.isEmpty {
        notices.append(.unnamedColumns(file: name, numbers: unnamed))
      }
      if !layout.guesses.isEmpty { notices.append(.unreadColumns(file: name, guesses: layout.guesses)) }
      // A column that the user named with its blanks, or that the notice above names, needs no other.
      let said = Set(layout.guesses.map { ByteText($0.name) })
      let unread = layout.extra.filter { [date = layout.date] in $0 != date }.map { names[$0] }
      if let padded = unread.first(where: { Self.hasBlanksAround($0) && !said.contains(ByteText($0)) }) {
        notices.append(.blanksAroundColumn(file: name, name: padded))
      }
    } catch {
      throw Self.cause(of: error, cells, path, delimiter, source)
    }
    self.notices = notices
  }

  /// The cells of the first record, which must all be text.
  private static func cells(
    _ parser: borrowing RecordParser, _ path: String, _ options: CorpusOptions
  ) throws(CorpusError) -> [String] {
    if parser.fields.fieldWithNUL != nil { throw .nulInHeader(file: path, encoding: options.encoding) }
    var cells: [String] = []
    for index in 0..<parser.fields.keptCount {
      guard let cell = parser.fields.text(of: index) else {
        throw .headerNotText(file: path, encoding: options.encoding)
      }
      cells.append(cell)
    }
    return cells
  }

  /// Refuses a first record that leaves doubt about what the columns are.
  private static func check(
    _ record: RecordReader.Record, _ cells: [String], _ parser: borrowing RecordParser, _ path: String,
    _ options: CorpusOptions
  ) throws(CorpusError) {
    if parser.fields.count > options.limits.columns {
      throw .tooManyColumns(file: path, found: parser.fields.count, limit: options.limits.columns)
    }
    let returns = UInt8(ascii: "\r")
    if options.hasHeader, cells.contains(where: { $0.utf8.contains(returns) }) {
      throw .carriageReturnLines(file: path)
    }
    if let trouble = record.trouble {
      throw .malformedHeader(file: path, line: record.line, trouble: trouble)
    }
    // In a row, a quote within a field is a character; in a header it may have joined two columns.
    if options.hasHeader, parser.hasStrayQuote {
      throw .malformedHeader(file: path, line: record.line, trouble: .unbalancedQuote(.strayQuote))
    }
  }

  /// What explains a header in trouble better than the trouble itself does.
  private static func cause(
    of error: CorpusError, _ cells: [String], _ path: String, _ delimiter: UInt8, _ source: LineSource
  ) -> CorpusError {
    // Bytes of UTF-8 read in pairs, or pairs read in the wrong order, hardly ever make a Latin letter.
    if source.lacksByteOrder, !cells.contains(where: { $0.utf8.contains { $0 < 0x80 && !isBlank($0) } }) {
      return .headerNotText(file: path, encoding: .utf16)
    }
    // One column that holds another delimiter explains why the others are missing.
    if cells.count == 1, let separator = ColumnLayout.separator(in: cells[0], otherThan: delimiter) {
      return .joinedHeader(file: path, header: cells[0], separator: separator, delimiter: delimiter)
    }
    return error
  }

  /// The separator that a first line such as `sep=;` tells spreadsheets, when it has been read as a header.
  private static func separatorLine(_ cells: [String], _ delimiter: UInt8) -> UInt8? {
    guard let first = cells.first,
      ["sep=", "SEP=", "Sep="].contains(where: { first.utf8.starts(with: $0.utf8) })
    else { return nil }
    let rest = Array(first.utf8.dropFirst(4))
    if rest.count == 1, cells.count == 1 { return Delimiter.isUsable(rest[0]) ? rest[0] : nil }
    return rest.isEmpty && cells.count == 2 && cells[1].isEmpty ? delimiter : nil
  }

  private static func hasBlanksAround(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    return isBlank(first) || isBlank(last)
  }
}

/// Makes posts and faults of one file's records.
struct RowBuilder {
  let file: String
  /// What a post without an id column is called by, before `#` and its line.
  let keyPrefix: String
  let layout: ColumnLayout
  let encoding: TextEncoding
  let labelNames: LabelNames

  /// Makes a row of the record that is in the parser's fields.
  func row(_ record: RecordReader.Record, _ fields: FieldBuffer) -> CorpusRow {
    let position = RowPosition(file: file, record: record.number, line: record.line)
    if let trouble = record.trouble {
      return fault(trouble, position, key: readableKey(record, fields))
    }
    if let index = fields.fieldWithNUL {
      let key = index == layout.id ? nil : readableKey(record, fields)
      return fault(.nulCharacter(column: layout.names[index]), position, key: key)
    }
    var cells: [String] = []
    cells.reserveCapacity(fields.keptCount)
    for index in 0..<fields.keptCount {
      guard let cell = fields.text(of: index) else {
        let trouble = RecordFault.invalidEncoding(column: layout.names[index], encoding: encoding)
        return fault(trouble, position, key: readableKey(record, fields))
      }
      cells.append(cell)
    }
    let key = layout.id.map { cells[$0] } ?? lineKey(record)
    if key.isEmpty {
      return fault(.emptyKey(column: layout.id.map { layout.names[$0] } ?? ""), position, key: nil)
    }
    let text = layout.text.map { cells[$0] } ?? ""
    // Blanks name no picture, while those within a path belong to it.
    let image = cell(layout.image, cells).flatMap { $0.isBlank ? nil : $0 }
    if image == nil, text.isBlank { return fault(.emptyPost, position, key: key) }
    return .post(
      Post(
        position: position, key: key, text: text,
        knowledge: layout.knowledge.map { cells[$0] } ?? "", image: image,
        label: cell(layout.label, cells).map { labelNames[$0] ?? $0 }, date: cell(layout.date, cells),
        extra: layout.extra.map { ExtraField(name: layout.names[$0], value: cells[$0]) }))
  }

  /// A cell's text; `nil` where it is empty or has no column.
  private func cell(_ index: Int?, _ cells: [String]) -> String? {
    guard let index, !cells[index].isEmpty else { return nil }
    return cells[index]
  }

  private func lineKey(_ record: RecordReader.Record) -> String {
    "\(keyPrefix)#\(record.line)"
  }

  /// The longest key of a faulted record, in bytes: longer ones are text that a stray quote moved there.
  private static let longestFaultKey = 1024

  /// The key of a record in trouble, where its cell was read and is sound.
  private func readableKey(_ record: RecordReader.Record, _ fields: FieldBuffer) -> String? {
    guard let id = layout.id else { return lineKey(record) }
    guard id < min(record.fieldCount, fields.keptCount), fields.length(of: id) <= Self.longestFaultKey,
      let key = fields.text(of: id), !key.isEmpty, !key.utf8.contains(0)
    else { return nil }
    return key
  }

  private func fault(_ trouble: RecordFault, _ position: RowPosition, key: String?) -> CorpusRow {
    .fault(
      RowFault(
        position: position, key: key, stage: .corpus, code: trouble.code, detail: trouble.description))
  }
}
