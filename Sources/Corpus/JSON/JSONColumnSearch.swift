import Bytes

/// Finds the columns of a JSON file, which has no header: in its first records, and in later ones if a column that the
/// user named is in none of those.
struct JSONColumnSearch: ~Copyable {
  /// The first records that are looked at, and their bytes.
  static let rows = 1000
  static let bytes = 4 << 20
  /// How long to wait for a pipe's writer after the first record.
  static let patience = Duration.seconds(1)
  /// The number of members that a message names as lists of posts.
  private static let mostLists = 3

  private let form: JSONForm
  private let path: String
  private let options: CorpusOptions
  private(set) var parser: JSONRecordParser
  private var seen = 0
  private var firstFault: (line: Int, fault: RecordFault)?
  private var readable = 0
  private var canReopen = false
  /// Members whose values are lists of objects.
  private var lists: [String] = []
  /// The first objects and lists in members that are roles' cells, and the roles that had another value.
  private var nested: [NestedValue] = [], plain: Set<ColumnRole> = []

  init(_ form: JSONForm, path: String, _ options: CorpusOptions) {
    (self.form, self.path, self.options) = (form, path, options)
    parser = JSONRecordParser(MemberUses(options.columns), limits: options.limits)
  }

  /// Looks at the first records; returns the source as it was.
  mutating func lookAhead(_ source: LineSource) throws(CorpusError) -> LineSource {
    canReopen = source.input.canReopen
    var source = source
    source.setMark()
    let records = form.records(source, options.limits)
    var bytes = 0
    var deadline: ContinuousClock.Instant?
    while seen < Self.rows, bytes < Self.bytes {
      if !canReopen, let deadline, try !hasRecord(records, before: deadline) { break }
      guard let record = try next(records) else { break }
      bytes += look(at: record, of: records)
      deadline = deadline ?? ContinuousClock.now + Self.patience
    }
    guard seen > 0 else {
      if case .list(let name) = form { throw .noRecordList(file: path, name: name) }
      throw .empty(file: path)
    }
    if readable == 0, let (line, fault) = firstFault {
      source = records.source
      source.rewind()
      if let kind = otherForm(source) { throw .otherLines(file: path, kind) }
      throw .noObjects(file: path, rows: seen, line: line, fault: fault, lists: lists)
    }
    parser.fixColumns()
    source = records.source
    source.rewind()
    return source
  }

  /// The next record; `nil` also where the file is damaged, if there is a record before, since reading comes to that again.
  private func next(_ records: any JSONRecords) throws(CorpusError) -> JSONRecord? {
    do {
      return try records.next()
    } catch {
      if case .interrupted = error { throw error }
      guard readable > 0 else { throw error }
      return nil
    }
  }

  /// Whether a pipe's next record comes before a deadline; false also where the file is damaged, as above.
  private func hasRecord(
    _ records: any JSONRecords, before deadline: ContinuousClock.Instant
  ) throws(CorpusError) -> Bool {
    do {
      return try records.hasRecord(before: deadline)
    } catch {
      if case .interrupted = error { throw error }
      guard readable > 0 else { throw error }
      return false
    }
  }

  /// Looks at all records for columns that the user named, or for all columns if the options ask for them.
  mutating func goOn() throws(CorpusError) {
    // Of an expression, one column is enough.
    var missing = ColumnRole.allCases.compactMap { options.columns[$0] }.filter(\.isGiven)
      .map { [$0.name] + ($0.expression?.columns ?? []) }
      .filter { names in !names.contains(where: parser.table.names.contains) }.flatMap(\.self)
    guard canReopen, !missing.isEmpty || options.keepsSurplus else { return }
    let source = try LineSource(
      ByteSources.open(path, options), encoding: options.encoding, limits: options.limits)
    let records = form.records(source, options.limits)
    var found = parser.table.names, known = Set(found)
    let fixed = found.count
    var number = 0
    while !missing.isEmpty || options.keepsSurplus, let record = try next(records) {
      if options.shouldStop() { throw .interrupted(file: path) }
      number += 1
      if record.fault == nil { _ = records.withBytes { parser.parse($0) } }
      for field in parser.fields {
        let name = parser.table.names[field.column]
        guard field.column >= fixed, options.keepsSurplus || missing.contains(name),
          found.count < options.limits.columns, known.insert(name).inserted
        else { continue }
        found.append(name)
        missing.removeAll { $0 == name }
      }
    }
    seen = max(seen, number)
    parser.fixColumns(adding: Array(found[fixed...]))
  }

  /// Gives up the parser, which knows the columns.
  consuming func finish() -> JSONRecordParser { parser }

  /// The form of a file whose only record is no post.
  private func otherForm(_ source: LineSource) -> OtherLines? {
    guard case .lines = form, readable <= 1 else { return nil }
    return JSONShape.find(in: source, wanted: parser.table.uses.wanted)
  }

  /// The columns found; `source` is the file from its first record on.
  func layout(_ source: LineSource) throws(CorpusError) -> ColumnLayout {
    do {
      return try layout()
    } catch {
      throw otherForm(source).map { .otherLines(file: path, $0) } ?? error
    }
  }

  private func layout() throws(CorpusError) -> ColumnLayout {
    if let value = nested.first(where: { !plain.contains($0.role) }) {
      throw .nestedMember(
        file: path, role: value.role, name: value.name, kind: value.kind, suggestion: value.suggestion, rows: seen)
    }
    do {
      return try ColumnLayout(names: parser.table.names, columns: options.columns, file: path)
    } catch .missingColumn(let file, let role, let name, let found, let guesses) {
      throw .missingMember(file: file, role: role, name: name, found: found, guesses: guesses, rows: seen)
    } catch .noContentColumn(let file, let text, let image, let found, let guesses) {
      throw .noContentMember(
        file: file, text: text, image: image, found: found, guesses: guesses, rows: seen, lists: lists)
    }
  }

  /// Looks at a record; returns its length.
  private mutating func look(at record: JSONRecord, of records: any JSONRecords) -> Int {
    seen += 1
    if let fault = record.fault {
      firstFault = firstFault ?? (record.line, fault)
      return 0
    }
    return records.withBytes { text in
      let fault = parser.parse(text)
      if let fault { firstFault = firstFault ?? (record.line, fault) } else { readable += 1 }
      if fault != nil { note(list: Self.listOpened(by: text)) }
      for field in parser.fields {
        if field.form == .list, Self.hasObjects(text[field.range]) { note(list: parser.table.names[field.column].text) }
        guard let role = parser.table.kinds[field.column].role else { continue }
        if let value = parser.nested(field, in: text) {
          if !value.isEmpty, !nested.contains(where: { $0.role == role }) { nested.append(value) }
        } else if !field.range.isEmpty {
          plain.insert(role)
        }
      }
      return text.count
    }
  }

  /// Whether the first element of a list is an object.
  private static func hasObjects(_ list: Slice<UnsafeRawBufferPointer>) -> Bool {
    list.dropFirst().first { !isBlank($0) } == UInt8(ascii: "{")
  }

  private mutating func note(list name: String?) {
    guard let name, lists.count < Self.mostLists, !lists.contains(where: { ByteText($0) == ByteText(name) })
    else { return }
    lists.append(name)
  }

  /// The key in a line such as `"messages": [`, as in a file that was printed to be read.
  private static func listOpened(by line: UnsafeRawBufferPointer) -> String? {
    let bytes = line.filter { !isBlank($0) }
    guard bytes.count < 100, bytes.first == UInt8(ascii: "\""), bytes.suffix(3).elementsEqual("\":[".utf8) else {
      return nil
    }
    return String(validating: bytes.dropFirst().dropLast(3), as: UTF8.self)
  }
}
