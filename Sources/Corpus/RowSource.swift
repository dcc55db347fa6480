import Bytes

/// One file of a corpus as records, opened and positioned after its header: what a format must implement.
///
/// ``CorpusReader`` converts the records to posts, and several files to one corpus; nothing else knows the formats. A
/// record costs one call through this protocol, whatever the number of its cells.
protocol RowSource: AnyObject {
  /// The columns and their roles; the same for the whole file.
  var layout: ColumnLayout { get }
  /// Problems with the header that do not stop reading.
  var notices: [CorpusNotice] { get }
  /// The file's size in bytes; `nil` if it is not known.
  var size: Int? { get }
  /// Whether opening the path again would give the same records from the start.
  var canReopen: Bool { get }
  /// The number of the file's bytes that the returned records took: ``size`` at the end, a lower bound before.
  var bytesTaken: Int { get }
  /// The cells of the last record, as in the file, one per column, even if the record is a fault.
  var cells: [String] { get }

  /// The next record; `nil` at the end.
  func next() throws(CorpusError) -> SourceRecord?

  /// Whether ``next()`` could begin without waiting for a pipe's writer; waits for this until a deadline.
  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool
}

/// A record of a file before it is converted to a post.
struct SourceRecord {
  /// The cells of a record, or its fault.
  enum Content {
    /// Its cells, one per column; an empty cell and a missing value are the same.
    case cells([String])
    /// Its fault, and its id if that could be read.
    case fault(RecordFault, id: String?)
  }

  /// The record's number in its file, from 1.
  var number: Int
  /// The line number that an editor shows for its first character, from 1.
  var line: Int
  var content: Content
}

/// The formats of corpus files.
enum RowSources {
  /// Opens a file in the format that its name indicates, and reads its header. A new format is added here.
  ///
  /// - Parameters:
  ///   - path: the file as given by the user; `-` is standard input.
  ///   - name: the file's name in the ledger.
  ///   - options: how the file is read.
  /// - Returns: the file, positioned after its header.
  /// - Throws: errors that end the reading of a corpus.
  static func open(_ path: String, name: String, _ options: CorpusOptions) throws(CorpusError) -> any RowSource {
    try CSVFile(path: path, name: name, options: options)
  }
}

/// Converts one file's records to posts and faults, by rules that all formats share.
struct RowBuilder {
  let file: ByteText
  /// The beginning of the key of a post without an id column, before `#` and its line.
  let keyPrefix: String
  let layout: ColumnLayout
  let labelNames: LabelNames
  /// Whether pictures' paths are made of other cells, so that it is not yet known which posts have one.
  let makesImages: Bool

  /// Converts a record to a row.
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
    // Blanks alone name no picture, but those within a path belong to it.
    let image = cell(layout.image, cells).flatMap { $0.isBlank ? nil : $0 }
    if image == nil, text.isBlank, !makesImages { return fault(.emptyPost, position, key: key) }
    return .post(
      Post(
        position: position, key: key, text: text,
        knowledge: layout.knowledge.map { cells[$0] } ?? "", image: image,
        label: cell(layout.label, cells).map { labelNames[$0] ?? $0 }, date: cell(layout.date, cells),
        extra: layout.extra.map { ExtraField(name: layout.names[$0], value: cells[$0]) }))
  }

  /// A cell's text; `nil` if it is empty or there is no column.
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
