import Bytes
package import GRDB

/// In what the machines differ that have worked for a run, in words.
///
/// A run's `machine` is the one it began on; its member `also` lists those that went on with it, whose shards were
/// merged into it, or whose predictions it took because the scorer knew the posts.
package enum MachineMix {
  /// The traits that distinguish machines, with their plurals.
  private static let traits = [
    ("processor", "processors"), ("instruction_set", "instruction sets"), ("kernels", "kernels"),
    ("library", "libraries"),
  ]
  /// More values of a trait than a line should hold.
  private static let most = 8

  /// `instruction sets avx2 and avx512_core; kernels avx2 and avx512`; `nil` if all machines are alike.
  package static func words(ofRun run: Int64, in db: Database) throws -> String? {
    let values = traits.map { "substr(value ->> '$.\($0.0)', 1, 100)" }.joined(separator: ", ")
    let rows = try Row.fetchAll(
      db,
      sql: """
        WITH machine(number, value) AS (
          SELECT -1, machine FROM run WHERE id = ?1
          UNION ALL SELECT other.key, other.value FROM run, json_each(run.machine, '$.also') AS other
          WHERE run.id = ?1 AND other.type = 'object' LIMIT 1000)
        SELECT \(values) FROM machine ORDER BY number
        """, arguments: [run])
    let words = traits.indices.compactMap { column -> String? in
      var seen: Set<ByteText> = []
      let distinct = rows.compactMap { String.fromDatabaseValue($0[column]) }.filter {
        seen.insert(ByteText($0)).inserted
      }
      guard let last = distinct.last, distinct.count > 1 else { return nil }
      let first = distinct.dropLast().prefix(most).joined(separator: ", ")
      let more = distinct.count - 1 > most ? " and \(distinct.count - 1 - most) more" : ""
      return "\(traits[column].1) \(first)\(more) and \(last)"
    }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  /// The notice that a run mixes machines.
  package static func notice(run: String, _ mix: String) -> String {
    "run \(run.printable) mixes \(mix): its numbers agree closely, not to the bit"
  }
}

/// Which machines worked for a scorer: only their differences excuse unequal numbers.
enum ScorerMachines {
  /// The keys of a machine's JSON other than processor and libraries, and those that a merge adds.
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

  /// Notes, with a run's own machines, the machines of its scorer's other runs: what they computed is the run's, too, once it
  /// has a post that was known.
  static func noteScorers(_ scorer: Int64, run: Int64, in db: Database) throws {
    for machine in try texts(ofScorer: scorer, in: db) { try noteOne(machine, run: run, in: db) }
  }

  /// Notes another run's machines with a run's own, as its member `also`, but none whose processor and
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
