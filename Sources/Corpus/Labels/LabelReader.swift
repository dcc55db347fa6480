import Bytes

/// Reads files of labels, a row at a time, in the formats of a corpus: CSV and JSON, also compressed.
///
/// The exports of Label Studio (CSV, JSON, JSON-MIN) and doccano (JSONL) are recognised by their columns. The rows need
/// neither texts nor pictures.
package struct LabelReader: ~Copyable {
  /// The total size of the files in bytes; nil if a pipe is among them.
  package let totalBytes: Int?
  /// Problems that do not stop reading, in the rows read so far.
  package private(set) var notices: [CorpusNotice]
  /// The number of labels, annotators and notes that a spreadsheet's protection was taken from.
  package private(set) var restoredCells = 0
  /// The rows read so far.
  package private(set) var rows = 0

  private let options: CorpusOptions
  private let files: [(source: any RowSource, form: LabelForm, name: ByteText)]
  private var current = 0
  private var bytesBefore = 0
  private var sawRoundedID = false
  /// Further rows of the last record, in reverse order.
  private var ahead: [LabelRow] = []

  /// Opens files and finds their columns; `-` is standard input.
  ///
  /// - Parameters:
  ///   - paths: the files, at least one.
  ///   - columns: the names of the columns.
  ///   - options: how files are read; of their columns nothing counts.
  /// - Throws: `CorpusError`, such as `missingColumn`.
  package init(paths: [String], columns: LabelColumns, options: CorpusOptions) throws(CorpusError) {
    guard !paths.isEmpty else { throw .noFiles }
    var seen: Set<ByteText> = []
    for path in paths where !seen.insert(ByteText(path)).inserted { throw .givenTwice(file: path) }
    var options = options
    options.columns = ColumnMap(labelsOf: columns.id)
    // A label is found with and without the protection of a spreadsheet.
    if options.spreadsheet == .noticed { options.spreadsheet = .kept }
    var (total, notices): (Int?, [CorpusNotice]) = (0, [])
    var files: [(source: any RowSource, form: LabelForm, name: ByteText)] = []
    for (path, name) in zip(paths, FileStem.ledgerNames(paths)) {
      let source = try RowSources.open(path, name: name, options)
      notices += source.notices
      total = total.flatMap { sum in source.size.map { sum + $0 } }
      let delimiter = source is JSONFile ? nil : options.delimiter ?? Delimiter.implied(by: path)
      let form = try LabelForm(source.layout.names, columns, path: path, delimiter: delimiter)
      files.append((source, form, ByteText(name)))
    }
    (self.options, self.files, self.notices, totalBytes) = (options, files, notices, total)
  }

  /// The bytes of the files that the returned rows took, for estimating the remaining time.
  package var bytesRead: Int { bytesBefore + (current < files.count ? files[current].source.bytesTaken : 0) }

  /// The next row; nil after the last one.
  package mutating func next() throws(CorpusError) -> LabelRow? {
    while ahead.isEmpty {
      guard current < files.count else { return nil }
      let (source, form, name) = files[current]
      guard let record = try source.next() else {
        notices += source.closingNotices
        bytesBefore += source.bytesTaken
        current += 1
        continue
      }
      ahead = rows(record, form, source.layout, file: name).reversed()
    }
    rows += 1
    return ahead.removeLast()
  }

  // MARK: Records

  private mutating func rows(
    _ record: SourceRecord, _ form: LabelForm, _ layout: ColumnLayout, file: ByteText
  ) -> [LabelRow] {
    let position = RowPosition(file: file, record: record.number, line: record.line)
    func fault(_ code: FaultCode, _ detail: String, key: ByteText? = nil) -> [LabelRow] {
      [.fault(RowFault(position: position, key: key, stage: .corpus, code: code, detail: detail))]
    }
    if case .fault(let recordFault, let id) = record.content {
      return fault(recordFault.code, recordFault.description, key: id.map { ByteText($0) })
    }
    func cell(_ name: ByteText) -> String? { record.cell(name, layout) }
    let key = ByteText(cell(form.id) ?? "")
    if !sawRoundedID, PostSigns.isScientific(key.text) {
      sawRoundedID = true
      notices.append(.roundedID(position: position, key: key.text))
    }
    let choices: [LabelCell.Choice]
    do throws(UnreadableList) {
      choices = try form.choices(options.labelNames, cell).filter { !$0.labels.isEmpty }
    } catch {
      let list = RecordFault.json(.unreadableList(error.column.text))
      return fault(list.code, list.description, key: key.isEmpty ? nil : key)
    }
    // Spreadsheets may have rows without anything.
    if choices.isEmpty { return [.empty(position)] }
    if key.isEmpty {
      let empty = RecordFault.emptyKey(column: form.id.text)
      return fault(empty.code, empty.description)
    }
    let person = form.annotator.flatMap { restored(cell($0) ?? "") }
    let note = form.note.map { restored(cell($0) ?? "") }
    return choices.flatMap { choice -> [LabelRow] in
      var seen: Set<ByteText> = []
      let labels = choice.labels.map { name($0) }.filter { seen.insert($0).inserted }
      guard let label = labels.first, labels.count == 1 else {
        return fault(
          .severalLabels, "\(labels.count) labels (\(labels.map(\.text).listed(most: 5))): a post can have one",
          key: key)
      }
      let annotator = person ?? (form.readsAnnotators ? choice.annotator : nil)
      if form.readsAnnotators, form.annotator != nil, annotator?.isBlank != false {
        return fault(.noAnnotator, "the annotator is empty: say who gave the label", key: key)
      }
      return [
        .label(
          LabelledKey(
            position: position, key: key, plainKey: SpreadsheetCell.unprotected(key.text).map { ByteText($0) },
            label: label, annotator: annotator.map { ByteText($0) }, note: note))
      ]
    }
  }

  /// A label's name.
  private mutating func name(_ label: String) -> ByteText {
    if let name = options.labelNames[label] { return name }
    let label = restored(label)
    return options.labelNames[label] ?? ByteText(label)
  }

  private mutating func restored(_ cell: String) -> String {
    guard let text = SpreadsheetCell.unprotected(cell) else { return cell }
    restoredCells += 1
    return text
  }
}

extension SourceRecord {
  /// The value of a column; nil if the record has none.
  fileprivate func cell(_ name: ByteText, _ layout: ColumnLayout) -> String? {
    switch content {
    case .fault: return nil
    case .cells(let cells): return layout.names.firstIndex(of: name).map { cells[$0] }
    case .members(let roles, let extra):
      if let id = layout.id, layout.names[id] == name { return roles.id }
      return extra.first { $0.name == name }?.value
    }
  }
}
