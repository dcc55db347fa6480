import Bytes

/// The columns that a query's parameter of the kind `column` may name.
enum QueryColumns {
  /// Those that every store has, beside the corpus' own.
  static let standard = ["file", "state", "truncated", "day", "week", "month", "truth"]

  /// How many columns an error lists.
  private static let most = 40

  /// Refuses a column that no post has.
  ///
  /// - Throws: `QueryError.unknownColumn` with the columns there are.
  static func check(_ name: String, on connection: ReadOnlyConnection) throws(QueryError) {
    if standard.contains(where: { $0.hasSameBytes(as: name) }) { return }
    let known = try own(on: connection)
    if known.contains(where: { $0.hasSameBytes(as: name) }) { return }
    throw .unknownColumn(name, known: known + standard, hidden: max(0, known.count - most))
  }

  /// The corpus' own columns: those of the first post of each file of each run, for the rows of a file have one header.
  private static func own(on connection: ReadOnlyConnection) throws(QueryError) -> [String] {
    try connection.texts(
      """
      WITH RECURSIVE place (run_id, file) AS (
        SELECT min(id), (SELECT min(file) FROM entry WHERE run_id = (SELECT min(id) FROM run)) FROM run
        UNION ALL
        SELECT next.run_id, next.file FROM place CROSS JOIN (SELECT 1) AS one
        JOIN entry AS next ON (next.run_id, next.file, next.record) = (
          SELECT run_id, file, record FROM entry
          WHERE (run_id, file) > (place.run_id, place.file) ORDER BY run_id, file, record LIMIT 1
        )
      )
      SELECT DISTINCT member.key
      FROM place
      CROSS JOIN post ON post.id = (
        SELECT post_id FROM entry
        WHERE entry.run_id = place.run_id AND entry.file = place.file AND post_id IS NOT NULL LIMIT 1
      )
      CROSS JOIN json_each(post.extra) AS member
      """)
  }
}
