import Bytes
import GRDB
import Queries

/// Compares a store's schema with the one that this program's migrations make in an empty database.
///
/// Comments and blanks do not count, nor how SQLite itself spells the tables of its search index. What people add for
/// themselves (tables, views, indexes that are not unique) does not touch what is written, so it is listed, not rejected.
struct SchemaComparison {
  /// Differences that could falsify the data that is written.
  private(set) var faults: [SchemaDifference] = []
  /// Objects that users added, in words: `table notes`.
  private(set) var additions: [String] = []

  /// Compares the schema of a store of a version.
  init(_ db: Database, version: Int, path: String) throws {
    let found = try SchemaObject.all(db)
    // A store of the first versions declares no columns.
    let columns = try version >= 3 ? Self.declaredColumns(db, found, path: path) : []
    let expected = try Self.expected(version: version, columns: columns)
    let reserved = Set(try Self.expected(version: StoreSchema.version, columns: []).map(\.foldedName))
    let tables = Set(expected.filter { $0.kind == "table" || $0.kind == "view" }.map(\.foldedName))
    var present: [String: SchemaObject] = [:]
    for object in found where !object.isSQLites {
      present[object.foldedName] = object
      if expected.contains(where: { $0.foldedName == object.foldedName }) { continue }
      judge(object, tables: tables, reserved: reserved)
    }
    for object in expected {
      guard let own = present[object.foldedName] else {
        faults.append(.missing(kind: object.kind, object.name))
        continue
      }
      let isSame =
        own.kind == object.kind && own.foldedTable == object.foldedTable
        && (object.isSpeltBySQLite || own.tokens == object.tokens)
      if !isSame { faults.append(.changed(kind: object.kind, object.name)) }
    }
    // Which migrations are done is read there: without its rows, they would be done once more.
    let names = StoreSchema.migrations.prefix(version).map(\.name)
    let hasTable = found.contains { $0.kind == "table" && $0.foldedName == "grdb_migrations" }
    let listed = hasTable ? (try? String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations")) ?? [] : []
    if Set(listed.map { ByteText($0) }) != Set(names.map { ByteText($0) }) { faults.append(.migrations(names)) }
  }

  /// Judges what is not the program's.
  private mutating func judge(_ object: SchemaObject, tables: Set<String>, reserved: Set<String>) {
    let isOnOurs = tables.contains(object.foldedTable)
    switch object.kind {
    case "trigger" where isOnOurs: faults.append(.trigger(object.name, table: object.table))
    case "index" where isOnOurs && object.isUnique: faults.append(.uniqueIndex(object.name, table: object.table))
    case _ where reserved.contains(object.foldedName) || Self.isFunction(object.foldedName):
      faults.append(.shadowing(kind: object.kind, object.name))
    default: additions.append("\(object.kind) \(object.name)")
    }
  }

  /// Whether a table of the name would stand in the place of a function that queries call like a table.
  private static func isFunction(_ name: String) -> Bool {
    name == "json_each" || name == "json_tree" || name.hasPrefix("pragma_") || name.hasPrefix("sqlite_")
  }

  /// The declared columns, which the view `typed` is made of; none where their table is not the program's.
  private static func declaredColumns(
    _ db: Database, _ found: [SchemaObject], path: String
  ) throws -> [ColumnDeclaration] {
    guard found.contains(where: { $0.kind == "table" && $0.foldedName == "column_type" }) else { return [] }
    return (try? ColumnDeclaration.all(db, path: path)) ?? []
  }

  private static func expected(version: Int, columns: [ColumnDeclaration]) throws -> [SchemaObject] {
    let queue = try DatabaseQueue()
    defer { try? queue.close() }
    try StoreSchema.migrate(queue, to: version)
    if !columns.isEmpty {
      try queue.write { db in try db.execute(sql: "DROP VIEW typed; " + StoreSchema.typed(columns)) }
    }
    return try queue.read { db in try SchemaObject.all(db).filter { !$0.isSQLites } }
  }
}

/// A row of `sqlite_schema`.
private struct SchemaObject {
  /// `table`, `view`, `index` or `trigger`.
  var kind: String
  var name: String
  var table: String
  /// The SQL that made it, without comments and blanks.
  var tokens: [[UInt8]]

  /// The name as SQLite compares it: case does not count.
  var foldedName: String { Self.folded(name) }
  var foldedTable: String { Self.folded(table) }

  /// Whether SQLite made it for itself: statistics, and the indexes of keys.
  var isSQLites: Bool {
    foldedName.hasPrefix("sqlite_") && (kind == "index" || kind == "table") || foldedName == "grdb_migrations"
  }

  /// Whether its SQL is of SQLite's own making, and may differ from version to version.
  var isSpeltBySQLite: Bool { foldedName.hasPrefix("post_search_") && kind == "table" }

  var isUnique: Bool { tokens.count > 1 && Self.folded(String(decoding: tokens[1], as: UTF8.self)) == "unique" }

  static func all(_ db: Database) throws -> [SchemaObject] {
    try Row.fetchAll(db, sql: "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY rowid").map { row in
      let sql: String? = try row.find(3)
      return try SchemaObject(kind: row.get(0), name: row.get(1), table: row.get(2), tokens: Self.tokens(sql ?? ""))
    }
  }

  private static func tokens(_ sql: String) -> [[UInt8]] {
    let bytes = Array(sql.utf8)
    return SQLTokens.of(bytes).filter { $0.kind != .blank && $0.kind != .comment }
      .map { Array(bytes[$0.range]) }
  }

  private static func folded(_ name: String) -> String {
    String(decoding: name.utf8.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }, as: UTF8.self)
  }
}

/// In what a store's schema differs from what this program makes.
package enum SchemaDifference: Equatable, Sendable {
  /// A trigger that fires when the program writes.
  case trigger(String, table: String)
  /// An index that forbids what the program may write.
  case uniqueIndex(String, table: String)
  /// A table, view, index or trigger of the program's is another one.
  case changed(kind: String, String)
  /// A table, view, index or trigger of the program's is not there.
  case missing(kind: String, String)
  /// The table of migrations does not list those of the store's version, which are given.
  case migrations([String])
  /// A table or view has the name of something that the program uses.
  case shadowing(kind: String, String)
}

extension SchemaDifference: CustomStringConvertible {
  /// The difference in a few words.
  package var description: String {
    switch self {
    case .trigger(let name, let table): "the trigger \"\(name.printable)\" on \(table.printable)"
    case .uniqueIndex(let name, let table): "the unique index \"\(name.printable)\" on \(table.printable)"
    case .changed(let kind, let name): "the \(kind.printable) \"\(name.printable)\", which was changed"
    case .missing(let kind, let name): "the \(kind.printable) \"\(name.printable)\", which is missing"
    case .shadowing(let kind, let name): "the \(kind.printable) \"\(name.printable)\", whose name clfa uses"
    case .migrations(let names):
      "the rows of the table \"grdb_migrations\", which should be "
        + names.map { "\"\($0.printable)\"" }.joined(separator: ", ")
    }
  }
}

extension SchemaDifference {
  /// Whether something was added, so that it must be removed.
  var isAddition: Bool {
    switch self {
    case .trigger, .uniqueIndex, .shadowing: true
    case .changed, .missing, .migrations: false
    }
  }
}
