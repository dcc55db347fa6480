import Bytes
package import Corpus
internal import Files
package import Queries
package import Store

/// Exports a run's rows.
package enum RunRowExport {
  /// The numbers of exported rows, by their state.
  package struct Summary: Equatable, Sendable {
    /// Exported rows.
    package var rows = 0
    /// Rows among them that are faulted.
    package var faulted = 0
    /// Rows among them that repeat an earlier one.
    package var duplicates = 0
    /// Rows among them whose post was forgotten.
    package var forgotten = 0
    /// Records of the corpus without an entry in the run, if the corpus was read.
    package var left = 0
  }

  /// Passes on every row of a run in the order of its corpus; memory does not grow with their number.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - corpus: opens the corpus, for the rows as written there; nil for the store's copy.
  ///   - columns: gets the columns' names, once, before the first row.
  ///   - row: gets a value for each column.
  /// - Returns: the numbers of rows.
  /// - Throws: `ExportError`, `CorpusError`, `StoreError`, and errors of the closures; rows may already have been
  ///   passed on.
  package static func each(
    of run: RunExport, corpus: (() throws -> CorpusReader)?, columns: ([String]) throws -> Void,
    row: ([QueryValue]) throws -> Void
  ) throws -> Summary {
    try run.withSource { source in
      try each(from: source, corpus: corpus, columns: columns) { try row($1) }
    }
  }

  /// The same with a shared source of the store's data.
  static func each(
    from source: ExportSource, corpus: (() throws -> CorpusReader)?, columns: ([String]) throws -> Void,
    row: (ExportRow, [QueryValue]) throws -> Void
  ) throws -> Summary {
    var summary = Summary()
    func hand(_ entry: ExportRow, _ values: [QueryValue]) throws {
      if summary.rows % 1024 == 0, source.run.shouldStop() { throw ExportError.interrupted }
      summary.rows += 1
      switch EntryState(rawValue: entry.state) {
      case .faulted: summary.faulted += 1
      case .duplicate: summary.duplicates += 1
      case .forgotten: summary.forgotten += 1
      case .scored, .withoutPicture, nil: break
      }
      try row(entry, values)
    }
    if let corpus {
      var rows = try CorpusRowSource(corpus(), source)
      try columns(rows.columns.names.map(\.text))
      try rows.forEach(hand)
      summary.left = rows.left
    } else {
      let rows = try StoredRowSource(source)
      try columns(rows.columns.names.map(\.text))
      try rows.forEach(hand)
    }
    return summary
  }
}

/// Exports a run to one file.
package enum RunFileExport {
  /// Writes a run's rows to a new file, completely or not at all.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - path: the file.
  ///   - corpus: opens the corpus, for the rows as written there; nil for the store's copy.
  ///   - format: how rows are written.
  /// - Returns: the numbers of rows.
  /// - Throws: as ``RunRowExport/each(of:corpus:columns:row:)``, and errors of writing the file; then nothing is left.
  package static func write(
    _ run: RunExport, to path: String, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> RunRowExport.Summary {
    let file = try ExportFile(path)
    var format = format
    let summary = try RunRowExport.each(of: run, corpus: corpus) { columns in
      try file.write { format.begin(columns, into: &$0) }
    } row: { values in
      try file.write { format.row(values, into: &$0) }
    }
    try file.write { format.end(into: &$0) }
    try file.finish()
    return summary
  }
}

/// CSV in which an empty cell is empty, without quotes, as in most corpora.
package struct CorpusCSVFormat: RowFormat {
  private var format = CSVFormat()

  /// Creates a writer.
  package init() {}

  /// Writes the header.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    format.begin(columns, into: &output)
  }

  /// Writes a record.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    format.row(
      values.map { value in
        if case .text(let text) = value, text.utf8.isEmpty { .null } else { value }
      }, into: &output)
  }

  /// Writes nothing: the last record has ended its line.
  package mutating func end(into output: inout [UInt8]) {}
}

/// Exports a run to a folder: its rows as CSV and JSON, its vectors for numpy, and a description of the store for
/// Datasette.
package enum RunFolderExport {
  /// The counts of an export.
  package struct Summary: Sendable {
    /// How many rows came out.
    package var rows: RunRowExport.Summary
    /// The spaces, with their numbers of vectors.
    package var vectors: [(space: String, count: Int)]
    /// Notices about parts that could not be written.
    package var notices: [String]
  }

  /// Writes a run to a new or empty folder, completely or not at all.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - path: the folder.
  ///   - corpus: opens the corpus, for the rows as written there; nil for the store's copy.
  ///   - format: how `rows.csv` is written.
  /// - Returns: what was written.
  /// - Throws: as ``RunRowExport/each(of:corpus:columns:row:)``, and errors of writing a file; then nothing is left.
  /// - Complexity: memory does not grow with the run.
  package static func write(
    _ run: RunExport, to path: String, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> Summary {
    let folder = try ExportError.writing(path) { () throws(FileError) in
      try AtomicFolder(path, mayReplaceEmpty: true)
    }
    let summary = try run.withSource { source in
      let metadata = try DatasetteMetadata(source)
      let file = try ExportFile(folder.file("metadata.json"))
      let json = metadata.json
      try file.write { $0 += json }
      try file.finish()
      var summary = try write(source, into: folder, corpus: corpus, format: format)
      summary.notices += metadata.notices
      return summary
    }
    try ExportError.writing(folder.path) { () throws(FileError) in try folder.finish() }
    return summary
  }

  private static func write(
    _ source: ExportSource, into folder: AtomicFolder, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> Summary {
    let spaces = try source.spaces()
    let vectors = try spaces.map { space in
      try NumPyVectorWriter(
        source.vectors(in: space), matrix: folder.file("\(space).npy"), index: folder.file("\(space)-rows.csv"))
    }
    let csv = try ExportFile(folder.file("rows.csv"))
    let lines = try ExportFile(folder.file("rows.jsonl"))
    var format = format
    var json = JSONFormat(style: .lines)
    var place = 0
    let rows = try RunRowExport.each(from: source, corpus: corpus) { columns in
      try csv.write { format.begin(columns, into: &$0) }
      try lines.write { json.begin(columns, into: &$0) }
    } row: { entry, values in
      try csv.write { format.row(values, into: &$0) }
      try lines.write { json.row(values, into: &$0) }
      if entry.isFirst, let post = entry.post {
        for files in vectors { try files.add(post.id, key: entry.key?.text, row: place) }
      }
      place += 1
    }
    try csv.finish()
    try lines.finish()
    for files in vectors { try files.finish() }
    let notices = zip(spaces, vectors).filter { $1.damaged > 0 }.map {
      "\($1.damaged) of the \($0) vectors are empty or of another width than the first; they are left out"
    }
    return Summary(rows: rows, vectors: zip(spaces, vectors).map { ($0, $1.count) }, notices: notices)
  }
}

/// A file of an export: `AtomicWriter` with an export's errors. It never replaces anything.
final class ExportFile {
  private let path: String
  private let writer: AtomicWriter

  /// Begins a file.
  ///
  /// - Throws: `exists` if something is at the path, `cannotWrite`.
  init(_ path: String) throws(ExportError) {
    self.path = path
    writer = try ExportError.writing(path) { () throws(FileError) in try AtomicWriter(path, .new) }
  }

  /// Lets `body` append to the buffer, and writes the buffer once it is large enough.
  func write(_ body: (inout [UInt8]) throws -> Void) throws {
    do {
      try writer.append(body)
    } catch let problem as FileError {
      throw ExportError(problem, at: path)
    }
  }

  /// Writes bytes over those at a place, which must have been written before.
  func overwrite(_ bytes: [UInt8], at place: Int) throws(ExportError) {
    try ExportError.writing(path) { () throws(FileError) in try writer.overwrite(bytes, at: place) }
  }

  /// Completes the file and renames it to its place.
  func finish() throws(ExportError) {
    try ExportError.writing(path) { () throws(FileError) in try writer.finish() }
  }
}
