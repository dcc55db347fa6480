import Bytes

/// A JSON file as records: JSON Lines, or a list of objects.
///
/// The members of its first records are its columns; members that only later records have are kept as well, after those.
final class JSONFile: RowSource {
  let layout: ColumnLayout
  let notices: [CorpusNotice]
  private var records: any JSONRecords
  private let limits: RecordLimits
  private var parser: JSONRecordParser
  private let columns: ColumnMap
  private let encoding: TextEncoding
  /// The role of each column so far; columns after those of the layout may be a role's by its default name.
  private var roles: [ColumnRole?] = []
  /// The parser's `resets` at which `roles` was right.
  private var resets = 0
  /// The values of the last record by column, for ``cells``.
  private var values: [Value] = []
  private let name: String
  private let longest: Int
  /// The values that were left out since they are too long, and the line of the first.
  private var omitted = (count: 0, line: 0)

  private struct Value {
    var column: Int
    var text: String
  }

  /// Finds the columns of an open file.
  init(
    _ source: LineSource, _ form: JSONForm, path: String, name: String, options: CorpusOptions
  ) throws(CorpusError) {
    var search = JSONColumnSearch(form, path: path, options)
    let source = try search.lookAhead(source)
    try search.goOn()
    layout = try search.layout(source)
    parser = search.finish()
    columns = options.columns
    (self.name, longest) = (name, options.limits.fieldBytes)
    encoding = options.encoding
    limits = options.limits
    records = form.records(source, limits)
    var notices: [CorpusNotice] = source.lacksByteOrder ? [.assumedLittleEndian(file: name)] : []
    if ["csv", "tsv"].contains(FileStem.ending(of: path)) { notices.append(.readAsJSON(file: name)) }
    if !layout.guesses.isEmpty { notices.append(.unreadColumns(file: name, guesses: layout.guesses)) }
    self.notices = notices
  }

  var size: Int? { records.source.input.size }
  var canReopen: Bool { records.source.input.canReopen }
  var isCompressed: Bool { records.source.input.isCompressed }
  var bytesTaken: Int { records.bytesTaken }

  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    try records.hasRecord(before: deadline)
  }

  func next() throws(CorpusError) -> SourceRecord? {
    values.removeAll(keepingCapacity: true)
    guard let record = try records.next() else { return nil }
    let content = record.fault.map { .fault($0, id: nil) } ?? records.withBytes(content)
    if record.fault == nil, parser.omitted > 0 {
      if omitted.count == 0 { omitted.line = record.line }
      omitted.count += parser.omitted
    }
    return SourceRecord(number: record.number, line: record.line, place: record.place, content: content)
  }

  var undivided: CorpusParts.Undivided? {
    if isCompressed { return .compressed }
    if !(records is JSONLines) { return .list }
    return records.source.isUTF16 ? .utf16 : nil
  }

  func skip() throws(CorpusError) -> Bool { try records.next() != nil }

  func place() throws(CorpusError) -> RecordPlace { (records as? JSONLines)?.place ?? .beginning }

  func move(to source: LineSource, record: Int, line: Int) {
    records = JSONLines(source, limits: limits, record: record, line: line)
  }

  var closingNotices: [CorpusNotice] {
    omitted.count == 0
      ? [] : [.longCells(file: name, line: omitted.line, count: omitted.count, limit: longest)]
  }

  /// The values as in the file, one per column of the layout, except that invalid bytes and NULs become U+FFFD; those of
  /// a damaged record before the damage.
  var cells: [String] {
    var cells = [String](repeating: "", count: layout.names.count)
    for value in values where value.column < cells.count {
      let scalars = value.text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }
      cells[value.column] = String(String.UnicodeScalarView(scalars))
    }
    return cells
  }

  var object: [UInt8]? { records.withBytes { Array($0) } }

  // MARK: Records

  /// The maximum length of a faulted record's id in bytes.
  private static let longestFaultID = 1024

  private func content(of text: UnsafeRawBufferPointer) -> SourceRecord.Content {
    var fault = parser.parse(text)
    learnRoles()
    var isSorted = true
    for field in parser.fields {
      var value = string(field, text)
      if fault == nil, field.hasNUL { fault = .nulCharacter(column: name(field)) }
      if fault == nil, value == nil { fault = .invalidEncoding(column: name(field), encoding: encoding) }
      if field.form != .value, let nested = parser.nested(field, in: text) {
        if nested.isEmpty { value = "" } else { fault = fault ?? .json(nested.fault) }
      }
      if let last = values.last, last.column > field.column { isSorted = false }
      values.append(Value(column: field.column, text: value ?? lossy(field, text)))
    }
    if let fault { return .fault(fault, id: readableID) }
    // As a header has them, whatever the order of the record's members.
    if !isSorted { values.sort { $0.column < $1.column } }
    var cells = RoleCells()
    if layout.id != nil { cells.id = "" }
    var extra: [ExtraField] = []
    extra.reserveCapacity(values.count)
    for value in values {
      switch roles[value.column] {
      case .id: cells.id = value.text
      case .text: cells.text = value.text
      case .image: cells.image = value.text
      case .knowledge: cells.knowledge = value.text
      case .label: cells.label = value.text
      case .date:
        cells.date = value.text
        fallthrough
      case nil: extra.append(ExtraField(name: parser.table.names[value.column], value: value.text))
      }
    }
    return .members(cells, extra: extra)
  }

  /// Gives roles to columns that are new since the last record.
  private func learnRoles() {
    if resets != parser.resets {
      resets = parser.resets
      roles.removeLast(max(0, roles.count - layout.names.count))
    }
    let names = parser.table.names
    guard roles.count < names.count else { return }
    let places: [(ColumnRole, Int?)] = [
      (.id, layout.id), (.text, layout.text), (.image, layout.image), (.knowledge, layout.knowledge),
      (.label, layout.label), (.date, layout.date),
    ]
    for column in roles.count..<names.count {
      let role = places.first { $0.1 == column }?.0
      // Without ids in its first records, a file's posts have numbers of lines for keys, all of them.
      let late = places.first { $0.1 == nil && $0.0 != .id && columns[$0.0]?.name == names[column] }?.0
      roles.append(column < layout.names.count ? role : late)
    }
  }

  private func name(_ field: JSONRecordParser.Field) -> String { parser.table.names[field.column].text }

  private func string(_ field: JSONRecordParser.Field, _ text: UnsafeRawBufferPointer) -> String? {
    parser.withBytes(of: field, in: text) { String(validating: $0.assumingMemoryBound(to: UInt8.self), as: UTF8.self) }
  }

  private func lossy(_ field: JSONRecordParser.Field, _ text: UnsafeRawBufferPointer) -> String {
    parser.withBytes(of: field, in: text) { String(decoding: $0, as: UTF8.self) }
  }

  /// The id of a faulted record, if it was read and is valid.
  private var readableID: String? {
    guard let place = layout.id, !parser.fields.contains(where: { $0.column == place && $0.form != .value }),
      let id = values.first(where: { $0.column == place })?.text, !id.isEmpty,
      id.utf8.count <= Self.longestFaultID, !id.utf8.contains(0), !id.unicodeScalars.contains("\u{FFFD}")
    else { return nil }
    return id
  }
}
