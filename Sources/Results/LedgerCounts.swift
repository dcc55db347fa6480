import GRDB
import Store

/// The outcome of every row that was read.
package struct LedgerCounts: Equatable, Sendable {
  /// One file's rows, each in exactly one state.
  package struct File: Equatable, Sendable {
    package var name: String
    /// Records read.
    package var read = 0
    /// Rows scored with their picture.
    package var scored = 0
    /// Rows scored from their text alone.
    package var withoutPicture = 0
    /// Rows that repeat an earlier one.
    package var duplicate = 0
    /// Rows that could not be scored.
    package var faulted = 0
    /// Rows whose post was removed for good.
    package var forgotten = 0
    /// Records left to other shards.
    package var otherShards = 0
    /// Records that the sample left out.
    package var notSampled = 0

    /// The sum of all states.
    package var accounted: Int {
      scored + withoutPicture + duplicate + faulted + forgotten + otherShards + notSampled
    }

    mutating func add(_ other: File) {
      read += other.read
      scored += other.scored
      withoutPicture += other.withoutPicture
      duplicate += other.duplicate
      faulted += other.faulted
      forgotten += other.forgotten
      otherShards += other.otherShards
      notSampled += other.notSampled
    }
  }

  /// The files in the corpus's order; if there are many, the last entry sums up the rest.
  package var files: [File]

  /// The sum over all files.
  package var total: File {
    files.reduce(into: File(name: "all files")) { $0.add($1) }
  }

  /// Whether every record read is accounted for.
  package var addsUp: Bool { files.allSatisfy { $0.read == $0.accounted } }
}

/// Counts the states of a run's rows in each file.
enum LedgerQuery {
  /// The most files with a line of their own.
  static let fileLimit = 12

  static func fetch(_ database: Database, run: RunFacts) throws -> LedgerCounts {
    var files: [LedgerCounts.File] = []
    var rest = LedgerCounts.File(name: "")
    var pooled = 0
    let sums = EntryState.allCases.map { "sum(state = '\($0.rawValue)') AS \($0.rawValue)" }.joined(separator: ", ")
    let entries = try Row.fetchCursor(
      database,
      sql: """
        WITH member AS (
          SELECT id AS place, key AS file,
            json_extract(value, '$.read') AS read, json_extract(value, '$.other_shards') AS other_shards,
            json_extract(value, '$.not_sampled') AS not_sampled
          FROM json_each((SELECT counts FROM run WHERE id = ?1), '$.files')
        ), state AS (
          SELECT file, \(sums)
          FROM entry WHERE run_id = ?1 GROUP BY file
        )
        SELECT coalesce(member.file, state.file) AS file, read, other_shards, not_sampled,
          scored, without_picture, duplicate, faulted, forgotten
        FROM member FULL JOIN state ON state.file = member.file
        ORDER BY place IS NULL, place, state.file
        """, arguments: [run.id])
    while let row = try entries.next() {
      var file = LedgerCounts.File(name: row.text(0) ?? "")
      (file.read, file.otherShards, file.notSampled) = (row.integer(1), row.integer(2), row.integer(3))
      (file.scored, file.withoutPicture, file.duplicate) = (row.integer(4), row.integer(5), row.integer(6))
      (file.faulted, file.forgotten) = (row.integer(7), row.integer(8))
      if files.count < fileLimit {
        files.append(file)
      } else {
        rest.add(file)
        pooled += 1
      }
    }
    if pooled > 0 {
      rest.name = pooled == 1 ? "1 more file" : "\(pooled) more files"
      files.append(rest)
    }
    return LedgerCounts(files: files)
  }
}
