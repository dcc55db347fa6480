import GRDB

/// Joins an entry's post with its truth: its latest label, as the view `scored` has it.
struct TruthJoin {
  /// Goes on after the name of the join: `LEFT \(…)` keeps posts without a truth, `CROSS \(…)` leaves them out.
  let sql: String

  /// Most stores have labels of one source; then a post has one at most, and nobody need ask which is the latest.
  ///
  /// - Complexity: A pass over the labels.
  init(_ database: Database) throws {
    let isOneSource = try Bool.fetchOne(database, sql: "SELECT min(source) IS max(source) FROM label") ?? true
    sql =
      isOneSource
      ? "JOIN label AS truth ON truth.post_id = entry.post_id"
      : """
      JOIN label AS truth ON truth.post_id = entry.post_id
        AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                            ORDER BY noted_at DESC, source LIMIT 1)
      """
  }
}
