import GRDB

/// Counts different strings exactly, on disk: memory does not grow with their number.
package final class DistinctCounter {
  private static let batch = 10_000
  private let queue: DatabaseQueue
  private var waiting: [String] = []

  /// Opens an empty count; SQLite keeps what its cache does not hold in a temporary file that it removes.
  package init() throws {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
    }
    queue = try DatabaseQueue(path: "", configuration: configuration)
    try queue.write { try $0.execute(sql: "CREATE TABLE seen (value TEXT PRIMARY KEY) STRICT, WITHOUT ROWID") }
  }

  /// Adds a string; O(log n).
  package func add(_ value: String) throws {
    waiting.append(value)
    if waiting.count == Self.batch { try flush() }
  }

  /// How many different strings were added.
  package func count() throws -> Int {
    try flush()
    return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM seen") ?? 0 }
  }

  private func flush() throws {
    let values = waiting.sorted()
    waiting.removeAll(keepingCapacity: true)
    try queue.write { database in
      let statement = try database.cachedStatement(sql: "INSERT OR IGNORE INTO seen VALUES (?)")
      for value in values { try statement.execute(arguments: [value]) }
    }
  }
}
