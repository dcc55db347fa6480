import Bytes

/// One file of a corpus as records, open behind its header: what a format has to do.
///
/// ``CorpusReader`` makes posts of the records, and one corpus of several files; nothing else knows the formats. A record
/// costs one call through this protocol, whatever the number of its cells.
protocol RowSource: AnyObject {
  /// The columns, and the parts that they play; the same for the whole file.
  var layout: ColumnLayout { get }
  /// Problems with the header that do not stop reading.
  var notices: [CorpusNotice] { get }
  /// The file's size in bytes; `nil` if it is not known.
  var size: Int? { get }
  /// Whether opening the path again would give the same records from the start.
  var canReopen: Bool { get }
  /// How many of the file's bytes the records handed out so far took: at the end, ``size``. A bound from below until then.
  var bytesTaken: Int { get }
  /// The cells of the last record, as the file has them, one per column, even if the record is a fault.
  var cells: [String] { get }

  /// The next record; `nil` at the end.
  func next() throws(CorpusError) -> SourceRecord?

  /// Whether ``next()`` could begin without waiting for a pipe's writer beyond a deadline.
  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool
}

/// A record of a file that is not a post yet.
struct SourceRecord {
  /// The cells of a record, or its fault.
  enum Content {
    /// Its cells, one a column; an empty cell and an absent value are the same.
    case cells([String])
    /// Its fault, and its id if that could still be read.
    case fault(RecordFault, id: String?)
  }

  /// The record's number in its file, from 1.
  var number: Int
  /// The line an editor shows for its first character, from 1.
  var line: Int
  var content: Content
}

/// The formats of corpus files.
enum RowSources {
  /// Opens a file in the format that its name tells, and reads its header. A new format has its line here.
  ///
  /// - Parameters:
  ///   - path: the file as the user gave it; `-` is standard input.
  ///   - name: the file as the ledger names it.
  ///   - options: how it is to be read.
  /// - Returns: the file, open behind its header.
  /// - Throws: what ends the reading of a corpus.
  static func open(_ path: String, name: String, _ options: CorpusOptions) throws(CorpusError) -> any RowSource {
    try CSVFile(path: path, name: name, options: options)
  }
}

/// Makes posts and faults of one file's records, by the rules that all formats share.
struct RowBuilder {
  let file: ByteText
  /// The start of the key of a post without an id column, before `#` and its line.
  let keyPrefix: String
  let layout: ColumnLayout
  let labelNames: LabelNames

  /// Makes a row of a record.
  func row(_ record: SourceRecord) -> CorpusRow {
    let position = RowPosition(file: file, record: record.number, line: record.line)
    let cells: [String]
    switch record.content {
    case .fault(let recordFault, let id):
      return fault(recordFault, position, key: layout.id == nil ? lineKey(record) : id.map { ByteText($0) })
    case .cells(let found): cells = found
    }
    let key = layout.id.map { ByteText(cells[$0]) } ?? lineKey(record)
    if key.isEmpty {
      return fault(.emptyKey(column: layout.id.map { layout.names[$0].text } ?? ""), position, key: nil)
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

  /// A cell's text; `nil` if it is empty or has no column.
  private func cell(_ index: Int?, _ cells: [String]) -> String? {
    guard let index, !cells[index].isEmpty else { return nil }
    return cells[index]
  }

  private func lineKey(_ record: SourceRecord) -> ByteText { "\(keyPrefix)#\(record.line)" }

  private func fault(_ fault: RecordFault, _ position: RowPosition, key: ByteText?) -> CorpusRow {
    .fault(
      RowFault(
        position: position, key: key, stage: .corpus, code: fault.code, detail: fault.description))
  }
}
