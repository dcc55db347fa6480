package import Bytes

/// A CSV file with a header as rows of cells or faults, for tables that do not contain posts.
///
/// It follows the rules for a corpus: quoted line breaks, CRLF, a byte-order mark, and the same limits.
package struct TableReader: ~Copyable {
  /// A row.
  package enum Row: Equatable, Sendable {
    /// Its cells, one per column.
    case cells([String], RowPosition)
    case fault(RowFault)
  }

  /// The file's name in the ledger.
  package let file: String
  /// The columns' names, in order; no two are equal.
  package let columns: [ByteText]

  private let encoding: TextEncoding
  private var parser: RecordParser
  private var records: RecordReader

  /// Opens a file and reads its header.
  ///
  /// - Throws: `CorpusError`; `cannotReadTwice` for a pipe, since these tables are read twice.
  package init(path: String, options: CorpusOptions) throws(CorpusError) {
    let input = try ByteSources.open(path, options)
    guard input.canReopen else { throw .cannotReadTwice(file: path) }
    var records = RecordReader(
      try LineSource(input, encoding: options.encoding, limits: options.limits), limits: options.limits,
      dialect: options.dialect)
    try records.skipLines()
    let separator = try records.takeSeparatorLine()
    var parser = RecordParser(
      limits: options.limits, delimiter: options.delimiter ?? separator ?? Delimiter.implied(by: path),
      dialect: options.dialect)
    guard let record = try records.first(&parser, isHeader: true) else { throw .empty(file: path) }
    if let fault = record.fault { throw .malformedHeader(file: path, line: record.line, fault: fault) }
    let found = parser.fields.count
    if found > options.limits.columns { throw .tooManyColumns(file: path, found: found, limit: options.limits.columns) }
    var names: [ByteText] = [], seen: Set<ByteText> = []
    for place in 0..<parser.fields.keptCount {
      guard let name = parser.fields.text(of: place).map({ ByteText($0) }) else {
        throw .headerNotText(file: path, encoding: options.encoding)
      }
      guard name.isEmpty || seen.insert(name).inserted else {
        let numbers = [(names.firstIndex(of: name) ?? 0) + 1, place + 1]
        throw .duplicateColumn(file: path, name: name.text, numbers: numbers)
      }
      names.append(name)
    }
    file = FileStem.lastComponent(path)
    encoding = options.encoding
    self.records = records
    self.parser = parser
    columns = names
  }

  /// The next row; nil after the last one.
  package mutating func next() throws(CorpusError) -> Row? {
    guard let record = try records.next(&parser, expecting: columns.count) else { return nil }
    let position = RowPosition(file: ByteText(file), record: record.number, line: record.line)
    func fault(_ fault: RecordFault) -> Row {
      .fault(
        RowFault(position: position, key: nil, stage: .corpus, code: fault.code, detail: fault.description))
    }
    if let recordFault = record.fault { return fault(recordFault) }
    if let place = parser.fields.fieldWithNUL { return fault(.nulCharacter(column: columns[place].text)) }
    var cells: [String] = []
    cells.reserveCapacity(columns.count)
    for place in 0..<parser.fields.keptCount {
      guard let cell = parser.fields.text(of: place) else {
        return fault(.invalidEncoding(column: columns[place].text, encoding: encoding))
      }
      cells.append(cell)
    }
    return .cells(cells, position)
  }
}
