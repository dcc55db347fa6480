import GRDB

/// Posts that differ in their features alone are one post to whoever compares runs: a model that hears, beside one that
/// does not.
enum PostTwin {
  /// An SQL expression for the row that stands for a row of `post` and for all that have its key, text, knowledge and
  /// picture.
  ///
  /// - Complexity: A look at an index for each post where the store has features, else none.
  static func sql(_ database: Database) throws -> String {
    // A store of an earlier version has no such table.
    guard try database.tableExists("feature"),
      try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM feature)") ?? false
    else { return "post.id" }
    return """
      (SELECT min(twin.id) FROM post AS twin WHERE twin.key = post.key AND twin.text = post.text
        AND twin.knowledge = post.knowledge AND twin.picture_hash IS post.picture_hash)
      """
  }
}
