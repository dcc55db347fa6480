import Bytes
import GRDB
import Store

/// The sources of the true labels of a run's posts, and the number of posts of each, in the order of their names.
enum LabelledSources {
  /// Counts the labels of the posts that count in a run.
  ///
  /// - Complexity: One pass over the run's rows.
  static func ofRun(_ run: RunFacts, in database: Database) throws -> [(name: ByteText, posts: Int)] {
    try fetch(
      """
      SELECT label.source, count(DISTINCT label.post_id) FROM entry
      CROSS JOIN label ON label.post_id = entry.post_id
      WHERE entry.run_id = ? AND \(run.isCounted("entry")) GROUP BY label.source ORDER BY label.source
      """, [run.id], database)
  }

  /// Counts the labels of the posts of a sample.
  static func ofSample(_ name: String, in database: Database) throws -> [(name: ByteText, posts: Int)] {
    try fetch(
      """
      SELECT label.source, count(*) FROM sample_post
      CROSS JOIN label ON label.post_id = sample_post.post_id
      WHERE sample_id = (SELECT id FROM sample WHERE name = ?) GROUP BY label.source ORDER BY label.source
      """, [name], database)
  }

  private static func fetch(
    _ sql: String, _ arguments: StatementArguments, _ database: Database
  ) throws -> [(name: ByteText, posts: Int)] {
    try Row.fetchAll(database, sql: sql, arguments: arguments).map { ($0.byteText(0) ?? "", $0.integer(1)) }
  }
}
