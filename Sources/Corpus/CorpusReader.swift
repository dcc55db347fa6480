import Bytes

/// Reads one or several files as one corpus, a row at a time, in memory that does not grow with them.
///
/// All headers are read before the first row, so that a wrong column in the last file shows at once. A row
/// that cannot be read is a value, ``CorpusRow/fault(_:)``; an error ends the reading.
///
///     var reader = try CorpusReader(paths: ["posts.csv"], options: CorpusOptions())
///     while let row = try reader.next() { … }
package struct CorpusReader: ~Copyable, Sendable {
  /// The files' names as the ledger knows them, in order: a path's last component, or the path as given
  /// where two would be equal.
  package let files: [String]
  /// The names of all files' columns, each once, in the order of the headers.
  package let columns: [String]
  /// Those among them that posts keep as ``Post/extra``.
  package let extraColumns: [String]
  /// The files' sizes together, in bytes; `nil` where a pipe or a terminal is among them.
  package let totalBytes: Int?
  /// Each file's columns in its header's order; files without a header number theirs.
  package let columnsByFile: [[CorpusColumn]]
  /// What looks wrong but does not stop the reading, as far as it has been read.
  package private(set) var notices: [CorpusNotice]

  private let paths: [String]
  private let options: CorpusOptions
  var parser: RecordParser
  /// Files whose header was read and that stay open, since they cannot be read twice; others are `nil`.
  private var held: [CorpusFile?]
  private var current: CorpusFile?
  private(set) var builder: RowBuilder?
  /// The record of the row that was handed out last.
  private(set) var record: RecordReader.Record?
  private var nextFile = 0
  private var bytesOfFilesDone = 0
  private var inspector = RowInspector()
  /// Rows that were read ahead, each with ``bytesRead`` as of it; `next()` hands them out first.
  private var ahead: [(row: CorpusRow, bytes: Int)] = []
  /// What ended the reading ahead.
  private var aheadError: CorpusError?
  /// ``bytesRead`` as of the row that was handed out last, while others were read ahead.
  private var bytesBefore = 0

  /// Opens a corpus and reads its files' headers; `-` is standard input.
  package init(paths: [String], options: CorpusOptions) throws(CorpusError) {
    guard !paths.isEmpty else { throw .noFiles }
    var seen: Set<[UInt8]> = []
    for path in paths where !seen.insert(Array(path.utf8)).inserted { throw .givenTwice(file: path) }
    let files = FileStem.ledgerNames(paths)
    var parser = RecordParser(limits: options.limits)
    var held: [CorpusFile?] = []
    var notices: [CorpusNotice] = []
    var columnsByFile: [[CorpusColumn]] = []
    var total: Int? = 0
    var (columns, extraColumns): ([String], [String]) = ([], [])
    var (seenColumns, seenExtraColumns): (Set<ByteText>, Set<ByteText>) = ([], [])
    var lineKeyed: [(path: String, name: String)] = []
    for (path, name) in zip(paths, files) {
      let file = try CorpusFile(path: path, name: name, options: options, parser: &parser)
      notices += file.notices
      columns += file.layout.names.filter { seenColumns.insert(ByteText($0)).inserted }
      extraColumns += file.layout.extra.map { file.layout.names[$0] }
        .filter { seenExtraColumns.insert(ByteText($0)).inserted }
      columnsByFile.append(file.layout.columns)
      if file.layout.id == nil { lineKeyed.append((path, name)) }
      let input = file.records.source.input
      total = total.flatMap { sum in input.size.map { sum + $0 } }
      held.append(!input.canReopen || held.isEmpty ? file : nil)
    }
    // A name that is not the last component shares that with another file.
    let shared = lineKeyed.filter { !FileStem.lastComponent($0.path).hasSameBytes(as: $0.name) }
    if shared.count > 1 { notices.append(.sharedKeys(files: shared.map(\.name))) }
    self.parser = parser
    self.paths = paths
    self.files = files
    self.columns = columns
    self.columnsByFile = columnsByFile
    self.extraColumns = extraColumns
    self.options = options
    self.held = held
    self.notices = notices
    totalBytes = total
  }

  /// The bytes of the files that the rows handed out so far took, what is only in a buffer apart: for an estimate of
  /// the time left.
  package var bytesRead: Int { ahead.isEmpty && aheadError == nil ? bytesTaken : bytesBefore }

  private var bytesTaken: Int { bytesOfFilesDone + (current?.records.source.bytesConsumed ?? 0) }

  /// The next row; `nil` after the last one, and after an error.
  package mutating func next() throws(CorpusError) -> CorpusRow? {
    guard ahead.isEmpty else {
      let next = ahead.removeFirst()
      bytesBefore = next.bytes
      return next.row
    }
    if let error = aheadError {
      aheadError = nil
      throw error
    }
    return try read()
  }

  /// The first rows that are still to come; `next()` hands them out, too. An error is kept for `next()`, and so are
  /// notices that these rows call for.
  ///
  /// ``cells`` belong to the row read last, not to the one handed out, until the rows read ahead are used up.
  ///
  /// - Parameters:
  ///   - most: how many rows.
  ///   - bytes: after how many bytes of the files no row more is read ahead.
  ///   - patience: how long a pipe is waited for, once the first row is there.
  ///   - least: rows for which it is waited longer.
  ///   - longest: how long it is waited for them, from the first row on.
  /// - Returns: fewer than `most` rows at the corpus' end, before an error, and where a pipe is silent for so long.
  package mutating func lookAhead(
    rows most: Int, bytes: Int, patience: Duration, least: Int = 0, longest: Duration = .zero
  )
    -> [CorpusRow]
  {
    // A pipe's header may come long before its rows.
    var first: ContinuousClock.Instant?
    bytesBefore = bytesRead
    do {
      while ahead.count < most, bytesTaken - bytesBefore < bytes, aheadError == nil {
        if let first {
          let deadline = first + (ahead.count < least ? max(patience, longest) : patience)
          if ContinuousClock.now > deadline { break }
          if try current?.records.hasLine(before: deadline) == false { break }
        }
        guard let row = try read() else { break }
        if first == nil { first = ContinuousClock.now }
        ahead.append((row, bytesTaken))
      }
    } catch {
      aheadError = error
    }
    return ahead.map(\.row)
  }

  private mutating func read() throws(CorpusError) -> CorpusRow? {
    do {
      while true {
        guard let builder else {
          guard nextFile < files.count else { return nil }
          try openNext()
          continue
        }
        if let record = try current?.records.next(&parser, expecting: builder.layout.names.count) {
          current?.count = record.number
          self.record = record
          let row = builder.row(record, parser.fields)
          inspector.inspect(at: row, options.labelNames, &notices)
          return row
        }
        closeCurrent()
      }
    } catch {
      builder = nil
      nextFile = files.count
      throw error
    }
  }

  private mutating func openNext() throws(CorpusError) {
    let index = nextFile
    nextFile += 1
    let path = paths[index]
    let file: CorpusFile
    if let open = held[index] {
      held[index] = nil
      file = open
      parser.setDelimiter(options.delimiter ?? Delimiter.implied(by: path))
    } else {
      file = try CorpusFile(path: path, name: files[index], options: options, parser: &parser)
    }
    builder = RowBuilder(
      file: files[index], keyPrefix: FileStem.lastComponent(path), layout: file.layout,
      encoding: options.encoding, labelNames: options.labelNames)
    current = file
    inspector = RowInspector()
  }

  private mutating func closeCurrent() {
    if let current {
      bytesOfFilesDone += current.records.source.bytesConsumed
      if current.count == 0 { notices.append(.noRecords(file: current.name)) }
    }
    current = nil
    builder = nil
  }
}

/// A row's cells as the file has them, whatever became of the row.
extension CorpusReader {
  /// The cells of the row that `next()` handed out last, as many as its file has columns.
  ///
  /// A cell is what stands there to the byte, but for bytes that are no text and for NULs, which come as U+FFFD. A record
  /// with too few cells is filled up with empty ones; of one with too many, the last cell holds all that are left, with
  /// the delimiter between them, if the options keep them. Where the quotes do not balance, the cells before the one
  /// that is open are there.
  package var cells: [String] {
    guard let builder, let record else { return [] }
    let count = builder.layout.names.count
    let fields = parser.fields
    let kept = min(record.fieldCount, fields.keptCount)
    var cells = (0..<min(count, kept)).map { Self.cell(fields, $0) }
    if kept > count, count > 0 {
      let rest = (count - 1..<kept).map { Self.cell(fields, $0) }
      cells[count - 1] = rest.joined(separator: String(decoding: [parser.delimiter], as: UTF8.self))
    }
    return cells + repeatElement("", count: count - cells.count)
  }

  private static func cell(_ fields: FieldBuffer, _ index: Int) -> String {
    fields.withBytes(of: index) { bytes in
      guard bytes.contains(0) else { return String(decoding: bytes, as: UTF8.self) }
      let replacement = Array("\u{FFFD}".utf8)
      return String(decoding: bytes.flatMap { $0 == 0 ? replacement : [$0] }, as: UTF8.self)
    }
  }
}
