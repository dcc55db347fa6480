import GRDB
import Queries

/// A column that posts are told apart by: one that every store has, else one of the corpus' own.
struct SliceColumn {
  /// Its name as it was asked for.
  var name: String
  /// What it is in SQL; `?` is its name.
  var expression: String
  /// The text bound to `?`, where there is one.
  var argument: String?

  /// The columns that every store has.
  static let standard = ["file", "state", "truncated", "month", "day"]

  private static func expression(_ name: String) -> String? {
    switch name {
    case "file": "entry.file"
    case "state": "entry.state"
    case "truncated":
      "CASE WHEN NOT (SELECT \(QueryParts.isRead(by: "scorer")) FROM scorer WHERE scorer.id = prediction.scorer_id) "
        + "THEN NULL WHEN prediction.truncated > 0 THEN 'text cut' "
        + "ELSE 'whole text' END"
    case "month": "substr(post.posted_at, 1, 7)"
    case "day": "substr(post.posted_at, 1, 10)"
    default: nil
    }
  }

  /// Finds a column by its name: the corpus' own comes first.
  ///
  /// - Throws: `ReportingError.noSuchColumn` where no post of the run has it.
  static func find(_ name: String, in database: Database, run: RunFacts) throws -> SliceColumn {
    // A path is quick, but has no way to write a name with quotes, backslashes or control characters.
    let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    let argument = isPlain ? "$.\"\(name)\"" : name
    let own =
      isPlain
      ? "post.extra ->> ?" : "(SELECT member.value FROM json_each(post.extra) AS member WHERE member.key = ?)"
    let isOwn = try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (SELECT 1 FROM entry CROSS JOIN post ON post.id = entry.post_id
          WHERE entry.run_id = ? AND \(own) IS NOT NULL)
        """, arguments: [run.id, argument])
    if isOwn == true { return SliceColumn(name: name, expression: own, argument: argument) }
    if let own = expression(name) { return SliceColumn(name: name, expression: own, argument: nil) }
    throw ReportingError.noSuchColumn(name, known: try known(database, run: run))
  }

  /// The columns of the run's first posts, and those that every store has.
  private static func known(_ database: Database, run: RunFacts) throws -> [String] {
    let own = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT substr(member.key, 1, 200)
        FROM (SELECT post_id FROM entry WHERE run_id = ? AND post_id IS NOT NULL LIMIT 1000) AS first
        CROSS JOIN post ON post.id = first.post_id, json_each(post.extra) AS member LIMIT 100
        """, arguments: [run.id])
    return own + standard
  }
}

extension ReportData {
  /// The columns that posts of every store can be told apart by.
  public static var sliceColumns: [String] { SliceColumn.standard }
}
