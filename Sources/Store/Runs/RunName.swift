import Bytes
import GRDB
import Queries

/// What a run may be called.
enum RunName {
  /// Refuses what no shell or table could show: nothing, over 200 bytes, control characters.
  static func check(_ name: String) throws(StoreError) {
    let isFine =
      !name.isEmpty && name.utf8.count <= 200 && !name.unicodeScalars.contains(where: \.isTerminalControl)
    guard isFine else { throw .invalidRunName(name: name) }
  }

  /// Every run's name, oldest first.
  static func all(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT name FROM run ORDER BY id")
  }

  /// The id of the run of a name.
  static func find(_ name: String, in db: Database) throws -> Int64 {
    guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE name = ?", arguments: [name]) else {
      throw StoreError.runNotFound(name: name, known: try all(db))
    }
    return id
  }
}
