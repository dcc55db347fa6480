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
  init(path: String, name: String, options: CorpusOptions, parser: inout RecordParser) throws(CorpusError) {
    self.name = name
    let source = try LineSource(
      InputFile(path: path), encoding: options.encoding, chunk: options.limits.chunkBytes)
    records = RecordReader(source, limits: options.limits)
    let delimiter = options.delimiter ?? Delimiter.implied(by: path)
    parser.setDelimiter(delimiter)
    guard let record = try records.first(&parser, isHeader: options.hasHeader) else {
      throw .empty(file: path)
    }
    let header = try Self.names(record, parser, path, options)
    var notices: [CorpusNotice] = []
    if source.lacksByteOrder { notices.append(.assumedLittleEndian(file: name)) }
    do {
      if options.hasHeader {
        let (names, unnamed) = ColumnLayout.numberingUnnamed(header)
        layout = try ColumnLayout(names: names, columns: options.columns, file: path)
        if !unnamed.isEmpty { notices.append(.unnamedColumns(file: name, numbers: unnamed)) }
        if let padded = names.first(where: Self.hasBlanksAround) {
          notices.append(.blanksAroundColumn(file: name, name: padded))
        }
      } else {
        let numbers = header.indices.map { "\($0 + 1)" }
        layout = try ColumnLayout(names: numbers, columns: options.columns, file: path)
      }
    } catch {
      // One column that holds another delimiter explains why the others are missing.
      if header.count == 1, let separator = ColumnLayout.separator(in: header[0], otherThan: delimiter) {
        throw .joinedHeader(file: path, header: header[0], separator: separator, delimiter: delimiter)
      }
      throw error
    }
    self.notices = notices
  }

  /// The cells of the first record, which must all be text.
  private static func names(
    _ record: RecordReader.Record, _ parser: borrowing RecordParser, _ path: String, _ options: CorpusOptions
  ) throws(CorpusError) -> [String] {
    let fields = parser.fields
    if fields.fieldWithNUL != nil { throw .nulInHeader(file: path, encoding: options.encoding) }
    var names: [String] = []
    for index in 0..<fields.keptCount {
      guard let name = fields.text(of: index) else {
        throw .headerNotText(file: path, encoding: options.encoding)
      }
      names.append(name)
    }
    if options.hasHeader, names.contains(where: { $0.utf8.contains(UInt8(ascii: "\r")) }) {
      throw .carriageReturnLines(file: path)
    }
    var trouble = record.trouble
    if trouble == nil, options.hasHeader, parser.hasStrayQuote { trouble = .unbalancedQuote(.strayQuote) }
    if let trouble { throw .malformedHeader(file: path, line: record.line, trouble: trouble) }
    return names
  }

  private static func hasBlanksAround(_ name: String) -> Bool {
    guard let first = name.utf8.first, let last = name.utf8.last else { return false }
    return isBlank(first) || isBlank(last)
  }
}
