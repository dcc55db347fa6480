import Bytes
import GRDB

/// Which machines worked for a scorer: only their differences excuse unequal numbers.
enum Machines {
  /// What a machine's JSON says beside processor and libraries, and what a merge adds.
  private static let irrelevant = ["threads", "cores", "memory", "host", "also"]
    .map { "'$.\($0)'" }.joined(separator: ", ")

  /// The processors and libraries that worked for a scorer, each once.
  static func all(ofScorer scorer: Int64, in db: Database) throws -> Set<ByteText> {
    Set(try texts(ofScorer: scorer, in: db).map { ByteText($0) })
  }

  private static func texts(ofScorer scorer: Int64, in db: Database) throws -> [String] {
    try String.fetchAll(
      db,
      sql: """
        SELECT json_remove(machine, \(irrelevant)) FROM run WHERE scorer_id = ?1
        UNION
        SELECT json_remove(other.value, \(irrelevant)) FROM run, json_each(run.machine, '$.also') AS other
        WHERE run.scorer_id = ?1 AND other.type = 'object'
        """, arguments: [scorer])
  }

  /// Notes beside a run's own the machines of its scorer's other runs: what they computed is the run's, too, once it
  /// has a post that was known.
  static func noteScorers(_ scorer: Int64, run: Int64, in db: Database) throws {
    for machine in try texts(ofScorer: scorer, in: db) { try noteOne(machine, run: run, in: db) }
  }

  /// Notes another run's machines beside a run's own, as its member `also`, but none whose processor and
  /// libraries are there already.
  static func note(_ machine: String, run: Int64, in db: Database) throws {
    let machines = try String.fetchAll(
      db,
      sql: "SELECT json_remove(?1, '$.also') UNION ALL SELECT value FROM json_each(?1, '$.also') "
        + "WHERE type = 'object'",
      arguments: [machine])
    for machine in machines { try noteOne(machine, run: run, in: db) }
  }

  private static func noteOne(_ machine: String, run: Int64, in db: Database) throws {
    try db.execute(
      sql: """
        UPDATE run SET machine = json_insert(
          json_set(machine, '$.also', json(
            CASE json_type(machine, '$.also') WHEN 'array' THEN json_extract(machine, '$.also') ELSE '[]' END)),
          '$.also[#]', json(?2))
        WHERE id = ?1 AND json_remove(?2, \(irrelevant)) NOT IN (
          SELECT json_remove(machine, \(irrelevant)) UNION ALL
          SELECT json_remove(other.value, \(irrelevant)) FROM json_each(run.machine, '$.also') AS other
          WHERE other.type = 'object')
        """, arguments: [run, machine])
  }
}
