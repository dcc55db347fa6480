extension StoreSchema {
  /// The declared types of the corpus' own columns, and their values in SQL.
  static let columnTypes = """
    CREATE TABLE column_type (
      name TEXT PRIMARY KEY,                         -- a column's name, a key of post.extra
      type TEXT NOT NULL CHECK (type IN ('integer', 'real', 'time'))
    ) STRICT, WITHOUT ROWID;
    -- typed_value: a row for each post and declared column; value is NULL where the text does not convert.
    CREATE VIEW typed_value AS
    SELECT post.id AS post_id, column_type.name, column_type.type, member.value AS text,
      CASE column_type.type
    \(ColumnType.allCases.map { "WHEN '\($0.rawValue)' THEN \($0.expression(of: "member.value"))" }.joined(separator: "\n"))
    END AS value
    FROM post JOIN json_each(post.extra) AS member JOIN column_type ON column_type.name = member.key;
    \(typed([]))
    """

  /// The view `typed`: a row for each post, a column for each declared one, made anew whenever one is declared.
  static func typed(_ columns: [ColumnDeclaration]) -> String {
    let values = columns.map { column in
      // Through json_each: a path would read an escaped quote in a name as the name's end.
      return """
        ,
        (SELECT \(column.type.expression(of: "member.value")) FROM json_each(post.extra) AS member
          WHERE member.key = \(quoted(column.name, by: "'")) LIMIT 1) AS \(quoted(column.name, by: "\""))
        """
    }
    return """
      CREATE VIEW typed AS
      SELECT post.id AS post_id\(values.joined()) FROM post;
      """
  }

  /// A text between two signs, which are doubled within it: `'` for a value, `"` for a name. By scalars, since a sign
  /// with an accent on it is still SQL's sign.
  private static func quoted(_ text: String, by sign: Unicode.Scalar) -> String {
    var quoted = String.UnicodeScalarView([sign])
    for scalar in text.unicodeScalars {
      quoted.append(scalar)
      if scalar == sign { quoted.append(sign) }
    }
    quoted.append(sign)
    return String(quoted)
  }
}
