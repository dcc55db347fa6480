internal import Bytes
package import Corpus
import GRDB
import Queries

extension ColumnDeclaration {
  /// Every declaration of a store, by name.
  static func all(_ db: Database, path: String) throws -> [ColumnDeclaration] {
    try Row.fetchAll(db, sql: "SELECT name, type FROM column_type ORDER BY name").map { row in
      guard let type = try ColumnType(rawValue: row.get(1)) else {
        throw StoreError.damaged(path: path, what: "a column type")
      }
      return try ColumnDeclaration(name: ByteText(row.get(0) as String), type: type)
    }
  }

  /// Declares columns, and recreates the view `typed` if that changes anything.
  /// - Returns: The columns that had another type before, with that type.
  static func declare(_ columns: [ColumnDeclaration], in db: Database, path: String) throws -> [ColumnDeclaration] {
    let before = try all(db, path: path)
    var (after, changed) = (before, [ColumnDeclaration]())
    for column in columns {
      if let place = after.firstIndex(where: { $0.name == column.name }) {
        if after[place].type != column.type { changed.append(after[place]) }
        after[place] = column
      } else if let other = (after.map(\.name) + ["post_id"]).first(where: { same($0, column.name) }) {
        throw StoreError.columnNameTaken(name: column.name.text, other: other.text)
      } else {
        after.append(column)
      }
    }
    guard after != before else { return [] }
    for column in after {
      try db.execute(
        sql: "INSERT INTO column_type (name, type) VALUES (?, ?) ON CONFLICT DO UPDATE SET type = excluded.type",
        arguments: [column.name.text, column.type.rawValue])
    }
    try db.execute(sql: "DROP VIEW typed; " + StoreSchema.typed(try all(db, path: path)))
    return changed
  }

  /// Copies another store's declarations; a column that already has a type keeps it.
  static func adopt(from input: Database, at inputPath: String, into output: Database, at path: String) throws {
    // A store of an earlier version has no such table.
    guard try input.tableExists("column_type") else { return }
    let present = try all(output, path: path)
    for column in try all(input, path: inputPath) {
      if (present.map(\.name) + ["post_id"]).contains(where: { same($0, column.name) }) { continue }
      _ = try declare([column], in: output, path: path)
    }
  }

  /// Whether SQL considers two names equal: it ignores case.
  private static func same(_ left: ByteText, _ right: ByteText) -> Bool {
    func folded(_ name: ByteText) -> [UInt8] { name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 } }
    return folded(left) == folded(right)
  }
}

extension StoreWriter {
  /// Declares the types of columns of the corpus. A column's type can be changed, but not removed.
  /// - Returns: The columns that had another type before, with that type.
  /// - Throws: `columnNameTaken` if two names differ only in case.
  package func declare(_ columns: [ColumnDeclaration]) throws(StoreError) -> [ColumnDeclaration] {
    guard !columns.isEmpty else { return [] }
    return try transact { db in try ColumnDeclaration.declare(columns, in: db, path: path) }
  }
}

extension ColumnType {
  /// An SQL expression for the value of a text of this type: NULL if the text does not have the type.
  ///
  /// Uses only built-in functions, so that every SQLite can read the views that use it. `reads(_:_:)` decides the same.
  /// - Parameters:
  ///   - text: An SQL expression for the text; it is evaluated several times.
  ///   - version: The version of the store.
  /// - Returns: The expression.
  func expression(of text: String, version: Int) -> String {
    let trimmed = "trim(\(text), ' ' || char(9, 10, 13))"
    switch self {
    case .integer: return Self.integer(trimmed)
    case .real: return Self.real(trimmed, isExact: version >= StoreSchema.numbersVersion)
    case .time: return Self.time(trimmed)
    }
  }

  /// An SQL expression for the value of a column of a post: as ``expression(of:version:)``, unless `clfa score` read a
  /// time in another way. Needs the table `post` around it.
  func value(of text: String, named name: String, version: Int) -> String {
    let value = expression(of: text, version: version)
    guard self == .time, version >= StoreSchema.timesVersion else { return value }
    let stored = "FROM post_time WHERE post_time.post_id = post.id AND post_time.name = \(name)"
    return """
      CASE WHEN EXISTS (SELECT 1 \(stored)) THEN (SELECT post_time.time \(stored))
      ELSE \(value) END
      """
  }

  /// Digits, optionally with a sign before and `.0` after them, within 64 bits.
  private static func integer(_ text: String) -> String {
    // Spreadsheets write whole numbers as 12.0 in columns with an empty cell.
    let whole = "CASE WHEN instr(\(text), '.') > 1 THEN rtrim(rtrim(\(text), '0'), '.') ELSE \(text) END"
    let digits = withoutSign(whole)
    let significant = "ltrim(\(digits), '0')"
    let most = "CASE substr(\(text), 1, 1) WHEN '-' THEN '9223372036854775808' ELSE '9223372036854775807' END"
    return """
      CASE WHEN length(\(text)) <= 100 AND \(digits) <> '' AND \(digits) NOT GLOB '*[^0-9]*'
        AND (length(\(significant)) < 19 OR (length(\(significant)) = 19 AND \(significant) <= \(most)))
      THEN CAST(\(whole) AS INTEGER) END
      """
  }

  /// JSON's numbers, and spellings that JSON does not allow: `+1`, `007`, `.5`. Without `isExact`, as in stores of earlier
  /// versions, a zero before other JSON is 0, too: `0-9`, `0 9`, `0[1]`.
  private static func real(_ text: String, isExact: Bool) -> String {
    let digits = withoutSign(text)
    let significant = "ltrim(\(digits), '0')"
    let isNumber = isExact ? " AND (\(significant) = '' OR substr(\(significant), 1, 1) GLOB '[0-9.eE]')" : ""
    return """
      CASE WHEN length(\(text)) <= 400 AND substr(\(digits), 1, 1) GLOB '[0-9.]'\(isNumber)
        AND json_valid(
          CASE WHEN \(significant) = '' OR substr(\(significant), 1, 1) IN ('.', 'e', 'E') THEN '0' ELSE '' END
          || \(significant))
        AND abs(CAST(\(text) AS REAL)) <= 1.7976931348623157e308
      THEN CAST(\(text) AS REAL) END
      """
  }

  /// ISO 8601, seconds or milliseconds since 1970, and Twitter's own form.
  private static func time(_ text: String) -> String {
    let format = "'%Y-%m-%dT%H:%M:%SZ'"
    let day = "replace(substr(\(text), 1, 10), '/', '-')"
    // SQLite reads +02:00 and Z, not +0200 and UTC.
    let clock = """
      CASE WHEN substr(\(text), -5) GLOB '[+-][0-9][0-9][0-9][0-9]' AND length(\(text)) > 15
        THEN substr(\(text), 11, length(\(text)) - 12) || ':' || substr(\(text), -2)
      WHEN substr(\(text), -3) IN ('UTC', 'GMT') THEN substr(\(text), 11, length(\(text)) - 13) || 'Z'
      ELSE substr(\(text), 11) END
      """
    let month = "printf('%02d', (instr('JanFebMarAprMayJunJulAugSepOctNovDec', substr(\(text), 5, 3)) + 2) / 3)"
    return """
      CASE
      WHEN length(\(text)) BETWEEN 9 AND 13 AND \(text) NOT GLOB '*[^0-9]*' THEN
        CASE WHEN CAST(\(text) AS INTEGER) BETWEEN 631152000 AND 4102444799
          THEN strftime(\(format), CAST(\(text) AS INTEGER), 'unixepoch')
        WHEN CAST(\(text) AS INTEGER) / 1000 BETWEEN 631152000 AND 4102444799
          THEN strftime(\(format), CAST(\(text) AS INTEGER) / 1000, 'unixepoch') END
      WHEN \(day) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND substr(\(text), 1, 4) BETWEEN '1900' AND '2200'
        AND (length(\(text)) = 10 OR substr(\(text), 11, 3) GLOB '[T ][0-9][0-9]') AND length(\(text)) <= 40
      THEN CASE WHEN strftime('%Y-%m-%d', \(day), '+0 days') = \(day) THEN strftime(\(format), \(day) || \(clock)) END
      WHEN \(text) GLOB '[A-Z][a-z][a-z] [A-Z][a-z][a-z] [0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9] \
      [+-][0-9][0-9][0-9][0-9] [0-9][0-9][0-9][0-9]'
      THEN strftime(\(format), substr(\(text), 27, 4) || '-' || \(month) || '-' || substr(\(text), 9, 11)
        || substr(\(text), 21, 3) || ':' || substr(\(text), 24, 2)) END
      """
  }

  private static func withoutSign(_ text: String) -> String {
    "substr(\(text), 1 + (substr(\(text), 1, 1) IN ('+', '-')))"
  }
}
