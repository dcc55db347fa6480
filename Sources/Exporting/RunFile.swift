public import Corpus
public import Queries
public import Store

/// A run in one file.
public enum RunFile {
  /// Writes a run's rows to a file that does not exist yet, whole or not at all.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - path: the file.
  ///   - corpus: opens the corpus, for the rows as they stand there; `nil` for what the store has of them.
  ///   - format: how rows are written.
  /// - Returns: how many rows came out.
  /// - Throws: as ``RunRows/each(of:corpus:columns:row:)``, and where the file cannot be written; nothing is left then.
  public static func write(
    _ run: RunExport, to path: String, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> RunRows.Summary {
    let file = try ExportFile(path)
    var format = format
    let summary = try RunRows.each(of: run, corpus: corpus) { columns in
      try file.write { format.begin(columns, into: &$0) }
    } row: { values in
      try file.write { format.row(values, into: &$0) }
    }
    try file.write { format.end(into: &$0) }
    try file.finish()
    return summary
  }
}

/// CSV in which an empty cell has nothing in it, as a corpus mostly has it.
public struct CorpusFormat: RowFormat {
  private var format = CSVFormat()

  /// Creates a writer.
  public init() {}

  /// Writes the header.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    format.begin(columns, into: &output)
  }

  /// Writes a record.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    format.row(
      values.map { value in
        if case .text(let text) = value, text.utf8.isEmpty { .null } else { value }
      }, into: &output)
  }

  /// Writes nothing: the last record has ended its line.
  public mutating func end(into output: inout [UInt8]) {}
}
