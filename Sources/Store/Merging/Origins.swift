import GRDB

/// Finds which store brought a row that another one contradicts, for an error's words.
struct Origins {
  /// The output's path: what was there before the merge came from it.
  let output: String
  /// The inputs merged before the present one.
  let earlier: [StoreReader]

  /// The first earlier input in which a query finds a row, else the output.
  func path(of sql: String, _ arguments: StatementArguments) -> String {
    for input in earlier {
      let isThere = try? input.read { try Int.fetchOne($0, sql: sql, arguments: arguments) != nil }
      if isThere == true { return input.path }
    }
    return output
  }

  /// Where a scorer's prediction for a post came from.
  func prediction(scorer: Int64, post: Int64, in db: Database) throws -> String {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT model_fingerprint, precision, options, key, content_hash FROM scorer, post
        WHERE scorer.id = ? AND post.id = ?
        """, arguments: [scorer, post])
    guard let row else { return output }
    return path(
      of: """
        SELECT 1 FROM scorer JOIN prediction ON prediction.scorer_id = scorer.id
        JOIN post ON post.id = prediction.post_id
        WHERE model_fingerprint = ? AND precision = ? AND options = ? AND key = ? AND content_hash = ?
        """, StatementArguments(row.databaseValues))
  }

  /// Where a run's entry came from.
  func entry(run: String, file: String, record: Int) -> String {
    path(
      of: """
        SELECT 1 FROM run JOIN entry ON entry.run_id = run.id
        WHERE run.name = ? AND entry.file = ? AND entry.record = ?
        """, [run, file, record])
  }
}
