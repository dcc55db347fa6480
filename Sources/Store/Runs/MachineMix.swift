import Bytes
package import GRDB

/// In what the machines differ that have worked for a run, in words.
///
/// A run's `machine` is the one it began on; its member `also` lists those that went on with it, whose shards were
/// merged into it, or whose predictions it took because the scorer knew the posts.
public enum MachineMix {
  /// What tells machines apart, and what several are called.
  private static let traits = [
    ("processor", "processors"), ("instruction_set", "instruction sets"), ("kernels", "kernels"),
    ("library", "libraries"),
  ]
  /// More values of a trait than a line should hold.
  private static let most = 8

  /// `instruction sets avx2 and avx512_core; kernels avx2 and avx512`; `nil` where all machines are alike.
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
  public static func notice(run: String, _ mix: String) -> String {
    "run \(run.printable) mixes \(mix): its numbers agree closely, not to the bit"
  }
}
