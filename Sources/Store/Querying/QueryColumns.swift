import Bytes

/// The columns that a query's parameter of the kind `column` may name.
enum QueryColumns {
  /// Those that every store has, beside the corpus' own.
  static let standard = ["file", "state", "truncated", "day", "week", "month", "truth"]

  /// Refuses a column that no post has.
  ///
  /// - Throws: `QueryError.unknownColumn` with the columns there are.
  static func check(_ name: String, on connection: ReadOnlyConnection) throws(QueryError) {
    if standard.contains(where: { $0.hasSameBytes(as: name) }) { return }
    let known = try own(on: connection)
    if known.contains(where: { $0.hasSameBytes(as: name) }) { return }
    throw .unknownColumn(name, known: known + standard)
  }

  /// The corpus' own columns: those of the first post of each file of each run, for the rows of a file have one header.
  private static func own(on connection: ReadOnlyConnection) throws(QueryError) -> [String] {
    try connection.texts(
      """
      SELECT DISTINCT member.key
      FROM run
      JOIN json_each(run.counts, '$.files') AS file
      CROSS JOIN post ON post.id = (
        SELECT entry.post_id FROM entry
        WHERE entry.run_id = run.id AND entry.file = file.key AND entry.post_id IS NOT NULL LIMIT 1
      )
      CROSS JOIN json_each(post.extra) AS member
      """)
  }
}
