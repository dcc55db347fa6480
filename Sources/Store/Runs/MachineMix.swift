import Bytes
package import GRDB

/// How the machines that worked for a run differ, in words.
///
/// A run's `machine` is the one on which it began. Its member `also` lists the machines that continued it, whose shards
/// were merged into it, or whose predictions it took over because the posts were already scored.
package enum MachineMix {
  /// The traits that distinguish machines, with their plurals.
  private static let traits = [
    ("processor", "processors"), ("instruction_set", "instruction sets"), ("kernels", "kernels"),
    ("library", "libraries"),
  ]
  /// The maximum number of values of a trait in a line.
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

/// The machines that worked for a scorer: only differences between them explain unequal numbers.
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

  /// Adds the machines of the scorer's other runs to those of a run: if it has posts that were already scored, their
  /// predictions are part of it.
  static func noteScorers(_ scorer: Int64, run: Int64, in db: Database) throws {
    for machine in try texts(ofScorer: scorer, in: db) { try noteOne(machine, run: run, in: db) }
  }

  /// Adds another run's machines to a run's own, as its member `also`, except those whose processor and libraries are
  /// already there.
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
