public import Corpus
internal import Files
public import Queries
public import Store

/// A run in a folder: its rows as CSV and as JSON, its vectors for numpy, and what Datasette is to know of the store.
public enum RunFolder {
  /// What was written.
  public struct Summary: Sendable {
    /// How many rows came out.
    public var rows: RunRows.Summary
    /// The spaces with how many vectors each.
    public var vectors: [(space: String, count: Int)]
    /// What could not be written.
    public var notices: [String]
  }

  /// Writes a run to a folder that does not exist yet or is empty, whole or not at all.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - path: the folder.
  ///   - corpus: opens the corpus, for the rows as they stand there; `nil` for what the store has of them.
  ///   - format: how `rows.csv` is written.
  /// - Returns: what was written.
  /// - Throws: as ``RunRows/each(of:corpus:columns:row:)``, and where a file cannot be written; nothing is left then.
  /// - Complexity: memory does not grow with the run.
  public static func write(
    _ run: RunExport, to path: String, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> Summary {
    let folder = try ExportError.writing(path) { () throws(FileProblem) in
      try AtomicFolder(path, mayReplaceEmpty: true)
    }
    let summary = try run.withSource { source in
      let metadata = try DatasetteMetadata(source)
      let file = try ExportFile(folder.file("metadata.json"))
      let json = try metadata.json()
      try file.write { $0 += json }
      try file.finish()
      var summary = try write(source, into: folder, corpus: corpus, format: format)
      summary.notices += metadata.notices
      return summary
    }
    try ExportError.writing(folder.path) { () throws(FileProblem) in try folder.finish() }
    return summary
  }

  private static func write(
    _ source: ExportSource, into folder: AtomicFolder, corpus: (() throws -> CorpusReader)?, format: any RowFormat
  ) throws -> Summary {
    let spaces = try source.spaces()
    let vectors = try spaces.map { space in
      try VectorFiles(
        source.vectors(in: space), matrix: folder.file("\(space).npy"), index: folder.file("\(space)-rows.csv"))
    }
    let csv = try ExportFile(folder.file("rows.csv"))
    let lines = try ExportFile(folder.file("rows.jsonl"))
    var format = format
    var json = JSONFormat(style: .lines)
    var place = 0
    let rows = try RunRows.each(from: source, corpus: corpus) { columns in
      try csv.write { format.begin(columns, into: &$0) }
      try lines.write { json.begin(columns, into: &$0) }
    } row: { entry, values in
      try csv.write { format.row(values, into: &$0) }
      try lines.write { json.row(values, into: &$0) }
      if entry.isFirst, let post = entry.post {
        for files in vectors { try files.add(post.id, key: entry.key, row: place) }
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
