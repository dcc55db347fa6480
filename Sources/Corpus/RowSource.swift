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
  /// Whether the file is compressed, by its content.
  var isCompressed: Bool { get }
  /// The number of the file's bytes that the returned records took: ``size`` at the end, a lower bound before.
  var bytesTaken: Int { get }
  /// The cells of the last record, as in the file, one per column, even if the record is a fault.
  var cells: [String] { get }
  /// The last record as in the file, in UTF-8, if the format is JSON; nil for a table.
  var object: [UInt8]? { get }

  /// Why the file cannot be divided; nil if its records can be found by their bytes.
  var undivided: CorpusParts.Undivided? { get }

  /// Reads the next record without its cells; false at the end.
  func skip() throws(CorpusError) -> Bool

  /// Where the search for the next record begins; only for a file that can be divided.
  func place() throws(CorpusError) -> RecordPlace

  /// Goes on with the lines of `source`, the same file from another place on: the next record has this number, and the
  /// next line that one.
  func move(to source: LineSource, record: Int, line: Int)

  /// Problems in the records read so far that are counted, and told at the end.
  var closingNotices: [CorpusNotice] { get }

  /// The next record; `nil` at the end.
  func next() throws(CorpusError) -> SourceRecord?

  /// Whether ``next()`` could begin without waiting for a pipe's writer; waits for this until a deadline.
  func hasRecord(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool
}

extension RowSource {
  var closingNotices: [CorpusNotice] { [] }
  var object: [UInt8]? { nil }
}

/// A place between two records of a file.
struct RecordPlace {
  /// The next line, from 1.
  var line: Int
  /// The next byte.
  var byte: Int

  static let beginning = RecordPlace(line: 1, byte: 0)
}

/// A record of a file before it is converted to a post.
struct SourceRecord {
  /// The cells of a record, or its fault.
  enum Content {
    /// Its cells, one per column; an empty cell and a missing value are the same.
    case cells([String])
    /// The values of its columns with a role, and all others that it has.
    case members(RoleCells, extra: [ExtraField])
    /// Its fault, and its id if that could be read.
    case fault(RecordFault, id: String?)
  }

  /// The record's number in its file, from 1.
  var number: Int
  /// The line number that an editor shows for its first character, from 1.
  var line: Int
  /// Its number among the records that begin on this line, from 1.
  var place = 1
  var content: Content
}

/// A record's cells by their roles; `nil` if the file has no such column.
struct RoleCells {
  var id, text, image, knowledge, label, date: String?
}

/// The formats of corpus files.
enum RowSources {
  /// Opens a file in the format that its first bytes or its name indicate, and finds its columns. A new format is added
  /// here.
  ///
  /// - Parameters:
  ///   - path: the file as given by the user; `-` is standard input.
  ///   - name: the file's name in the ledger.
  ///   - options: how the file is read.
  /// - Returns: the file, positioned before its first record.
  /// - Throws: errors that end the reading of a corpus.
  static func open(_ path: String, name: String, _ options: CorpusOptions) throws(CorpusError) -> any RowSource {
    var source = try LineSource(
      ByteSources.open(path, options), encoding: options.encoding, limits: options.limits)
    switch try JSONForm(&source, path, options) {
    case nil: return try CSVFile(source, path: path, name: name, options: options)
    case let form?: return try JSONFile(source, form, path: path, name: name, options: options)
    }
  }

  /// The lines of a file from a byte on that follows a line end.
  static func lines(_ path: String, from byte: Int, _ options: CorpusOptions) throws(CorpusError) -> LineSource {
    LineSource(
      try InputFile(path: path, from: byte, shouldStop: options.shouldStop), from: byte, encoding: options.encoding,
      limits: options.limits)
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
    var cells: RoleCells
    let extra: [ExtraField]
    switch record.content {
    case .fault(let recordFault, let id):
      return fault(recordFault, position, key: layout.id == nil ? lineKey(record) : id.map { ByteText($0) })
    case .cells(let found):
      cells = RoleCells(
        id: layout.id.map { found[$0] }, text: layout.text.map { found[$0] }, image: layout.image.map { found[$0] },
        knowledge: layout.knowledge.map { found[$0] }, label: layout.label.map { found[$0] },
        date: layout.date.map { found[$0] })
      extra = layout.extra.map { ExtraField(name: layout.names[$0], value: found[$0]) }
    case .members(let found, let others):
      (cells, extra) = (found, others)
    }
    if !layout.computed.isEmpty {
      do throws(UnreadableList) {
        try compute(&cells, extra)
      } catch {
        let id = cells.id.map { ByteText($0) } ?? lineKey(record)
        return fault(.json(.unreadableList(error.column.text)), position, key: id.isEmpty ? nil : id)
      }
    }
    let key = cells.id.map { ByteText($0) } ?? lineKey(record)
    if key.isEmpty {
      return fault(.emptyKey(column: layout.id.map { layout.names[$0].text } ?? ""), position, key: nil)
    }
    let text = cells.text ?? ""
    // Blanks alone name no picture, but those within a path belong to it.
    let image = filled(cells.image).flatMap { $0.isBlank ? nil : $0 }
    if image == nil, text.isBlank, !makesImages { return fault(.emptyPost, position, key: key) }
    return .post(
      Post(
        position: position, key: key, text: text, knowledge: cells.knowledge ?? "", image: image,
        label: label(cells.label), date: filled(cells.date), extra: extra))
  }

  /// Fills the cells of roles that follow from other columns.
  private func compute(_ cells: inout RoleCells, _ extra: [ExtraField]) throws(UnreadableList) {
    let known = cells
    for column in layout.computed {
      let value = try column.expression.value(for: column.role) { name in
        if let field = extra.first(where: { $0.name == name }) { return field.value }
        let roles = [
          (layout.id, known.id), (layout.text, known.text), (layout.image, known.image),
          (layout.knowledge, known.knowledge), (layout.label, known.label),
        ]
        return roles.first { $0.0.map { layout.names[$0] == name } == true }?.1
      }
      switch column.role {
      case .id: break
      case .text: cells.text = value
      case .image: cells.image = value
      case .knowledge: cells.knowledge = value
      case .label: cells.label = value
      case .date: cells.date = value
      }
    }
  }

  /// The name of the label; `nil` if the cell is empty, or holds a program's word for a missing number.
  private func label(_ cell: String?) -> ByteText? {
    guard let label = filled(cell) else { return nil }
    return labelNames[label] ?? (Placeholder.isMissingNumber(label) ? nil : ByteText(label))
  }

  /// A cell's text; `nil` if it is empty or there is no column.
  private func filled(_ cell: String?) -> String? { cell?.isEmpty == false ? cell : nil }

  /// The key of a post without an id: `FILE#LINE`, and `FILE#LINE.2` for the second record that begins on a line.
  private func lineKey(_ record: SourceRecord) -> ByteText {
    record.place == 1
      ? "\(keyPrefix)#\(record.line)" : "\(keyPrefix)#\(record.line).\(record.place)"
  }

  private func fault(_ fault: RecordFault, _ position: RowPosition, key: ByteText?) -> CorpusRow {
    .fault(
      RowFault(
        position: position, key: key, stage: .corpus, code: fault.code, detail: fault.description))
  }
}
