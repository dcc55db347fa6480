import Bytes
import GRDB

/// A division of a corpus into parts.
struct PartDivision: Equatable, Sendable {
  /// SHA-256 of the file of parts; empty for a corpus that was not divided.
  var parts: ByteText
  /// The number of parts.
  var total: Int
}

/// A part as a run notes it.
struct NotedPart {
  var number: Int
  /// The absolute path of its file.
  var path: String
  /// SHA-256 of its lines.
  var hash: String
  /// Whether the run has its records.
  var isTaken: Bool
}

/// The parts from which a run is collected: those that it has, and those that wait for an earlier one.
enum PartLedger {
  /// The division of a run's corpus; nil if the run is not collected.
  static func division(ofRun run: Int64, in db: Database) throws -> PartDivision? {
    let row = try Row.fetchOne(
      db, sql: "SELECT parts, total FROM collected_part WHERE run_id = ? LIMIT 1", arguments: [run])
    return try row.map { try PartDivision(parts: $0.get(0), total: $0.get(1)) }
  }

  /// The parts of a run, by number.
  static func parts(ofRun run: Int64, in db: Database) throws -> [Int: NotedPart] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT number, path, hash, is_taken FROM collected_part WHERE run_id = ?", arguments: [run])
    var parts: [Int: NotedPart] = [:]
    for row in rows {
      let part = try NotedPart(number: row.get(0), path: row.get(1), hash: row.get(2), isTaken: row.get(3))
      parts[part.number] = part
    }
    return parts
  }

  /// Notes a part, in place of an earlier note.
  static func note(
    _ part: NotedPart, of division: PartDivision, rows: Int, run: Int64, in db: Database
  ) throws {
    try db.execute(
      sql: """
        INSERT OR REPLACE INTO collected_part (run_id, number, total, parts, path, hash, rows, is_taken)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [run, part.number, division.total, division.parts, part.path, part.hash, rows, part.isTaken])
  }

  /// Notes that the file of a part is of no use, so that any other file can take its place.
  static func forgetFile(ofPart number: Int, run: Int64, in db: Database) throws {
    try db.execute(
      sql: "UPDATE collected_part SET hash = '' WHERE run_id = ? AND number = ? AND NOT is_taken",
      arguments: [run, number])
  }

  /// The number of records that the taken parts of a run have.
  static func rows(ofRun run: Int64, in db: Database) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT coalesce(sum(rows), 0) FROM collected_part WHERE run_id = ? AND is_taken", arguments: [run]) ?? 0
  }

  /// Copies a run's notes from another store, in place of its own.
  static func copy(run from: Int64, of input: Database, to run: Int64, in output: Database) throws {
    guard try input.tableExists("collected_part") else { return }
    try output.execute(sql: "DELETE FROM collected_part WHERE run_id = ?", arguments: [run])
    let rows = try Row.fetchCursor(
      input,
      sql: "SELECT number, total, parts, path, hash, rows, is_taken FROM collected_part WHERE run_id = ?",
      arguments: [from])
    while let row = try rows.next() {
      try output.execute(
        sql: """
          INSERT INTO collected_part (run_id, number, total, parts, path, hash, rows, is_taken)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: [run] + StatementArguments(row.databaseValues))
    }
  }
}

extension StoreSchema {
  /// The parts of runs that were collected from outputs of `clfa stream`.
  static let collectedParts = """
    CREATE TABLE collected_part (
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      number INTEGER NOT NULL,                       -- from 1 to total
      total INTEGER NOT NULL,
      parts TEXT NOT NULL,                           -- SHA-256 of the file of parts; '' for a corpus that was not divided
      path TEXT NOT NULL,                            -- the file that it came from
      hash TEXT NOT NULL,                            -- SHA-256 of the file's lines without the last one; '' if it is of no use
      rows INTEGER NOT NULL,
      is_taken INTEGER NOT NULL,                     -- 0: it waits for an earlier part, and the run has none of its records
      PRIMARY KEY (run_id, number)
    ) STRICT, WITHOUT ROWID;
    """
}
