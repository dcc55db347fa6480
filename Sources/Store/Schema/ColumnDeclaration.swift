import Bytes
import GRDB
import Queries

/// A column of the corpus with the type of its texts.
public struct ColumnDeclaration: Equatable, Sendable {
  /// The column's name as the corpus' header spells it.
  public var name: String
  /// What its texts are converted to.
  public var type: ColumnType

  /// Creates a declaration from its parts.
  public init(name: String, type: ColumnType) {
    self.name = name
    self.type = type
  }

  /// Whether both say the same; names are compared as bytes.
  public static func == (left: ColumnDeclaration, right: ColumnDeclaration) -> Bool {
    left.name.hasSameBytes(as: right.name) && left.type == right.type
  }

  /// Every declaration of a store, by name.
  static func all(_ db: Database, path: String) throws -> [ColumnDeclaration] {
    try Row.fetchAll(db, sql: "SELECT name, type FROM column_type ORDER BY name").map { row in
      guard let type = try ColumnType(rawValue: row.get(1)) else {
        throw StoreError.damaged(path: path, what: "a column type")
      }
      return try ColumnDeclaration(name: row.get(0), type: type)
    }
  }

  /// Declares columns and makes the view `typed` anew where that changes anything.
  /// - Returns: The columns that had another type before, with that type.
  static func declare(_ columns: [ColumnDeclaration], in db: Database, path: String) throws -> [ColumnDeclaration] {
    let before = try all(db, path: path)
    var (after, changed) = (before, [ColumnDeclaration]())
    for column in columns {
      if let place = after.firstIndex(where: { $0.name.hasSameBytes(as: column.name) }) {
        if after[place].type != column.type { changed.append(after[place]) }
        after[place] = column
      } else if let other = (after.map(\.name) + ["post_id"]).first(where: { same($0, column.name) }) {
        throw StoreError.columnNameTaken(name: column.name, other: other)
      } else {
        after.append(column)
      }
    }
    guard after != before else { return [] }
    for column in after {
      try db.execute(
        sql: "INSERT INTO column_type (name, type) VALUES (?, ?) ON CONFLICT DO UPDATE SET type = excluded.type",
        arguments: [column.name, column.type.rawValue])
    }
    try db.execute(sql: "DROP VIEW typed; " + StoreSchema.typed(try all(db, path: path)))
    return changed
  }

  /// Takes over another store's declarations; a column that has a type keeps it.
  static func adopt(from input: Database, at inputPath: String, into output: Database, at path: String) throws {
    // A store of an earlier version has none.
    guard try input.tableExists("column_type") else { return }
    let present = try all(output, path: path)
    for column in try all(input, path: inputPath) {
      if (present.map(\.name) + ["post_id"]).contains(where: { same($0, column.name) }) { continue }
      _ = try declare([column], in: output, path: path)
    }
  }

  /// Whether SQL takes two names for one: there case does not count.
  private static func same(_ left: String, _ right: String) -> Bool {
    func folded(_ name: String) -> [UInt8] { name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 } }
    return folded(left) == folded(right)
  }
}

extension StoreWriter {
  /// Declares the types of columns of the corpus; a column may get another type, and none is taken back.
  /// - Returns: The columns that had another type before, with that type.
  /// - Throws: `columnNameTaken` where two names differ in case alone.
  public func declare(_ columns: [ColumnDeclaration]) throws(StoreError) -> [ColumnDeclaration] {
    guard !columns.isEmpty else { return [] }
    return try transact { db in try ColumnDeclaration.declare(columns, in: db, path: path) }
  }
}
