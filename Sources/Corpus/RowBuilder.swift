/// Makes posts and faults of one file's records.
struct RowBuilder {
  let file: String
  /// What a post without an id column is called by, before `#` and its line.
  let keyPrefix: String
  let layout: ColumnLayout
  let encoding: TextEncoding
  let labelNames: LabelNames

  /// Makes a row of the record that is in the parser's fields.
  func row(_ record: RecordReader.Record, _ fields: FieldStore) -> CorpusRow {
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
        let trouble = RecordTrouble.invalidEncoding(column: layout.names[index], encoding: encoding)
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
  private func readableKey(_ record: RecordReader.Record, _ fields: FieldStore) -> String? {
    guard let id = layout.id else { return lineKey(record) }
    guard id < min(record.fieldCount, fields.keptCount), fields.length(of: id) <= Self.longestFaultKey,
      let key = fields.text(of: id), !key.isEmpty, !key.utf8.contains(0)
    else { return nil }
    return key
  }

  private func fault(_ trouble: RecordTrouble, _ position: RowPosition, key: String?) -> CorpusRow {
    .fault(
      RowFault(
        position: position, key: key, stage: .corpus, code: trouble.code, detail: trouble.description))
  }
}
