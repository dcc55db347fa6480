import Bytes
import GRDB

/// A column of the corpus with the type integer or real.
struct NumberColumn {
  /// The column's name.
  let name: String
  /// The SQL expression for a post's number; `?` is the name. NULL if the post's text is no number.
  let expression = """
    (SELECT typed_value.value FROM typed_value WHERE typed_value.post_id = entry.post_id AND typed_value.name = ? LIMIT 1)
    """

  /// Finds a column by its name.
  ///
  /// - Throws: `ResultsError.noNumberColumn` if no column of numbers was declared under this name.
  static func find(_ name: String, in database: Database) throws -> NumberColumn {
    // A store of the first versions has no declared columns.
    let known =
      try database.tableExists("column_type")
      ? String.fetchAll(database, sql: "SELECT name FROM column_type WHERE type IN ('integer', 'real') ORDER BY name")
      : []
    guard known.contains(where: { ByteText($0) == ByteText(name) }) else {
      throw ResultsError.noNumberColumn(name, known: known)
    }
    return NumberColumn(name: name)
  }
}

/// What a post has in a column of numbers.
struct ColumnNumber {
  /// Nil if its text is no number.
  var value: Double?
}
