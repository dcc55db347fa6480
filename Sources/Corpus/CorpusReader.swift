package import Bytes

/// Reads one or several files as one corpus, a row at a time, in memory that does not grow with them.
///
/// All headers are read before the first row, so that a wrong column in the last file is reported at once. A row that
/// cannot be read is a value, ``CorpusRow/fault(_:)``; an error ends the reading.
///
///     var reader = try CorpusReader(paths: ["posts.csv"], options: CorpusOptions())
///     while let row = try reader.next() { … }
///
/// The formats are ``RowSource``s, which only this reader uses.
///
/// `@unchecked Sendable`: only this value owns the sources, and it cannot be copied.
package struct CorpusReader: ~Copyable, @unchecked Sendable {
  /// The files' names in the ledger, in order: a path's last component, or the whole path if two would be equal.
  package let files: [String]
  /// The names of all files' columns, each once, in the order of the headers.
  package let columns: [ByteText]
  /// Those that posts keep as ``Post/extra``.
  package let extraColumns: [ByteText]
  /// The total size of the files in bytes; `nil` if a pipe or a terminal is among them.
  package let totalBytes: Int?
  /// Each file's columns in its header's order; files without a header number theirs.
  package let columnsByFile: [[CorpusColumn]]
  /// Problems that do not stop reading, in the rows read so far.
  package private(set) var notices: [CorpusNotice]

  /// The files as they were given, and how they are read.
  package let paths: [String], options: CorpusOptions
  /// Files whose header was read and that stay open, since they cannot be read twice; others are `nil`.
  private var held: [(any RowSource)?]
  /// The file that is being read, and the builder of its rows.
  private var current: (source: any RowSource, rows: RowBuilder, range: RecordRange?)?
  /// The number of the last record read from the current file.
  private var count = 0
  private var nextFile = 0
  private var bytesOfFilesDone = 0
  private var inspector = RowInspector()
  private var pictures: PostPictures
  /// The rows of the current record's further pictures, in reverse order.
  private var parts: [CorpusRow] = []
  /// Rows that were read ahead, each with its ``bytesRead``; `next()` returns them first.
  private var ahead: [(row: CorpusRow, bytes: Int)] = []
  /// The error that ended reading ahead.
  private var aheadError: CorpusError?
  /// ``bytesRead`` of the last returned row, while others were read ahead.
  private var bytesBefore = 0

  /// Opens a corpus and reads its files' headers; `-` is standard input.
  package init(paths: [String], options: CorpusOptions) throws(CorpusError) {
    guard !paths.isEmpty else { throw .noFiles }
    var seen: Set<ByteText> = []
    for path in paths where !seen.insert(ByteText(path)).inserted { throw .givenTwice(file: path) }
    let files = options.portion?.files.map(\.name) ?? FileStem.ledgerNames(paths)
    guard files.count == paths.count else { throw .noFiles }
    var held: [(any RowSource)?] = []
    var notices = options.preset.map { [CorpusNotice.preset($0)] } ?? []
    var columnsByFile: [[CorpusColumn]] = []
    var total: Int? = 0
    var (columns, extraColumns): ([ByteText], [ByteText]) = ([], [])
    var (seenColumns, seenExtraColumns): (Set<ByteText>, Set<ByteText>) = ([], [])
    var lineKeyed: [(path: String, name: String)] = []
    for (place, (path, name)) in zip(paths, files).enumerated() {
      let file = try Self.open(path, name: name, options)
      notices += file.notices
      if let lacking = options.preset?.lacking(file.layout, options.columns, file: name) { notices.append(lacking) }
      if FileStem.isCompressed(path), !file.isCompressed { notices.append(.notCompressed(file: name)) }
      if file is CSVFile { try options.columns.imageTemplate?.check(file.layout, options.columns, file: path) }
      columns += file.layout.names.filter { seenColumns.insert($0).inserted }
      extraColumns += file.layout.extra.map { file.layout.names[$0] }
        .filter { seenExtraColumns.insert($0).inserted }
      columnsByFile.append(file.layout.columns)
      if file.layout.id == nil { lineKeyed.append((path, name)) }
      let size = options.portion.map { $0.files[place].range?.bytes.count ?? 0 } ?? file.size
      total = total.flatMap { sum in size.map { sum + $0 } }
      held.append(!file.canReopen || held.isEmpty ? file : nil)
    }
    // Use the whole path if another file has the same last component.
    let shared = lineKeyed.filter { ByteText(FileStem.lastComponent($0.path)) != ByteText($0.name) }
    if shared.count > 1 { notices.append(.sharedKeys(files: shared.map(\.name))) }
    self.paths = paths
    self.files = files
    self.columns = columns
    self.columnsByFile = columnsByFile
    self.extraColumns = extraColumns
    self.options = options
    pictures = PostPictures(options)
    self.held = held
    self.notices = notices
    totalBytes = total
  }

  /// Opens a file; an error that follows from the preset names it.
  private static func open(_ path: String, name: String, _ options: CorpusOptions) throws(CorpusError) -> any RowSource
  {
    do {
      return try RowSources.open(path, name: name, options)
    } catch {
      throw options.preset?.cause(of: error, options.columns) ?? error
    }
  }

  /// The names of labels that were given.
  package var labelNames: LabelNames { options.labelNames }
  /// The parser of the corpus' dates.
  package var dates: DateParser { options.dates }
  /// Whether a column of dates was named.
  package var namesDates: Bool { options.columns.date != nil }
  /// Whether the paths of pictures are made by a template.
  package var hasImageTemplate: Bool { options.columns.imageTemplate != nil }

  /// The bytes of the files that the returned rows took, without data that is only in a buffer; for estimating the
  /// remaining time.
  package var bytesRead: Int { ahead.isEmpty && aheadError == nil ? bytesTaken : bytesBefore }

  private var bytesTaken: Int { bytesOfFilesDone + (current?.source.bytesTaken ?? 0) }

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

  /// The first rows that are still to come; `next()` returns them again. An error is kept for `next()`, and so are the
  /// notices of these rows.
  ///
  /// ``cells`` belong to the row read last, not to the one returned, until the rows read ahead are used up.
  ///
  /// - Parameters:
  ///   - most: the maximum number of rows.
  ///   - bytes: the number of bytes after which no further row is read ahead.
  ///   - patience: how long to wait for a pipe after the first row.
  ///   - least: the number of rows for which to wait longer.
  ///   - longest: how long to wait for them, from the first row on.
  /// - Returns: fewer than `most` rows at the corpus' end, before an error, or if a pipe is silent for that long.
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
          if try current?.source.hasRecord(before: deadline) == false { break }
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

  /// Whether ``next()`` could begin without waiting for a pipe's writer beyond a deadline.
  package mutating func hasRow(before deadline: ContinuousClock.Instant) throws(CorpusError) -> Bool {
    guard ahead.isEmpty, aheadError == nil, parts.isEmpty, let current else { return true }
    if current.range?.last == count { return true }
    return try current.source.hasRecord(before: deadline)
  }

  private mutating func read() throws(CorpusError) -> CorpusRow? {
    do {
      if let part = parts.popLast() { return part }
      while true {
        guard let current else {
          guard nextFile < files.count else { return nil }
          try openNext()
          continue
        }
        if current.range?.last != count, let record = try current.source.next() {
          count = record.number
          let (row, more) = pictures.rows(current.rows.row(record))
          parts = more.reversed()
          inspector.inspect(at: row, options.labelNames, &notices)
          return row
        }
        try checkEnd(of: current.source, current.range)
        if count == 0 { notices.append(.noRecords(file: current.rows.file.text)) }
        notices += current.source.closingNotices
        closeCurrent()
      }
    } catch {
      closeCurrent()
      nextFile = files.count
      throw error
    }
  }

  private mutating func openNext() throws(CorpusError) {
    let index = nextFile
    nextFile += 1
    let range = options.portion.map { $0.files[index].range }
    // No record of the file is read.
    if case .some(nil) = range { return }
    let source =
      if let open = held[index] { open } else { try RowSources.open(paths[index], name: files[index], options) }
    held[index] = nil
    let rows = RowBuilder(
      file: ByteText(files[index]), keyPrefix: FileStem.lastComponent(paths[index]), layout: source.layout,
      labelNames: options.labelNames, makesImages: options.columns.imageTemplate != nil)
    current = (source, rows, range ?? nil)
    count = 0
    if let range = range ?? nil {
      count = range.first - 1
      if !range.isWhole {
        source.move(
          to: try RowSources.lines(paths[index], from: range.bytes.lowerBound, options), record: range.first,
          line: range.line)
      }
    }
    pictures.beginFile()
    inspector = RowInspector()
  }

  /// Rejects a file whose records are not those that were counted when it was divided.
  private func checkEnd(of source: any RowSource, _ range: RecordRange?) throws(CorpusError) {
    guard let range else { return }
    let found = count - range.first + 1
    var isSame = found == range.count
    // After the last record, the file may have empty lines.
    if isSame, !range.isWhole, let size = source.size, range.bytes.upperBound < size {
      isSame = try source.place().byte == range.bytes.upperBound
    }
    if !isSame { throw .otherRecords(file: paths[nextFile - 1], found: found, expected: range.count) }
  }

  private mutating func closeCurrent() {
    bytesOfFilesDone += current?.source.bytesTaken ?? 0
    current = nil
  }

  /// Adds the notices that count what was read of the present file, for a caller that reads no further.
  package mutating func endReading() { notices += current?.source.closingNotices ?? [] }

  /// The cells of the last row, one per column, as in the file, even if the row is a fault.
  package var cells: [String] { current?.source.cells ?? [] }

  /// The last row's object as in the file, in UTF-8, if the file is JSON; nil for a row of a table.
  package var object: [UInt8]? { current?.source.object }
}
