import GRDB
import Store

/// Counts what became of a run's rows, file by file.
enum LedgerQuery {
  /// The most files with a line of their own.
  static let fileLimit = 12

  static func fetch(_ database: Database, run: RunFacts) throws -> Ledger {
    var files: [Ledger.File] = []
    var rest = Ledger.File(name: "")
    var pooled = 0
    let entries = try Row.fetchCursor(
      database,
      sql: """
        WITH member AS (
          SELECT id AS place, key AS file,
            json_extract(value, '$.read') AS read, json_extract(value, '$.other_shards') AS other_shards,
            json_extract(value, '$.not_sampled') AS not_sampled
          FROM json_each((SELECT counts FROM run WHERE id = ?1), '$.files')
        ), state AS (
          SELECT file, sum(state = 'scored') AS scored, sum(state = 'without_picture') AS without_picture,
            sum(state = 'duplicate') AS duplicate, sum(state = 'faulted') AS faulted,
            sum(state = 'forgotten') AS forgotten
          FROM entry WHERE run_id = ?1 GROUP BY file
        )
        SELECT coalesce(member.file, state.file) AS file, read, other_shards, not_sampled,
          scored, without_picture, duplicate, faulted, forgotten
        FROM member FULL JOIN state ON state.file = member.file
        ORDER BY place IS NULL, place, state.file
        """, arguments: [run.id])
    while let row = try entries.next() {
      var file = Ledger.File(name: row.text(0) ?? "")
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
    return Ledger(files: files, pooledFiles: pooled)
  }
}
