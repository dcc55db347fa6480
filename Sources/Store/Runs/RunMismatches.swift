import Bytes
package import GRDB

/// In what a run's corpus differs from what its model was trained on, as it was found before the first row was scored.
public struct RunMismatches: Sendable, Equatable {
  /// A JSON array of objects, each with `words`.
  package var json: String
  /// What each says, for people; empty where nothing differs.
  public var words: [String]

  /// More than anybody reads.
  private static let most = 50

  /// Those of a run; nil where nobody recorded any, as in runs of earlier versions and imported ones.
  package init?(ofRun run: Int64, in db: Database) throws {
    // A store of an earlier version is read as it is.
    guard try db.columns(in: "run").contains(where: { $0.name.hasSameBytes(as: "mismatches") }) else { return nil }
    let json = try String.fetchOne(
      db, sql: "SELECT mismatches FROM run WHERE id = ? AND json_type(mismatches) = 'array'", arguments: [run])
    guard let json else { return nil }
    self.json = json
    words = try String.fetchAll(
      db,
      sql: """
        SELECT substr(value ->> '$.words', 1, 2000) FROM json_each(?)
        WHERE type = 'object' AND json_type(value, '$.words') = 'text' LIMIT ?
        """, arguments: [json, Self.most])
  }

  /// Writes an array of objects into a run; nil leaves what is there.
  static func write(_ json: String?, run: Int64, in db: Database) throws {
    guard let json else { return }
    try db.execute(sql: "UPDATE run SET mismatches = ? WHERE id = ?", arguments: [json, run])
  }

  /// What two parts of a run found, each once; nil where neither recorded anything.
  static func join(_ first: String?, _ second: String?, in db: Database) throws -> String? {
    guard let first, let second else { return first ?? second }
    return try String.fetchOne(
      db,
      sql: """
        SELECT json_group_array(json(value)) FROM
          (SELECT value FROM json_each(?1) WHERE type = 'object'
          UNION SELECT value FROM json_each(?2) WHERE type = 'object')
        """, arguments: [first, second])
  }
}

extension StoreWriter {
  /// Records in what a run's corpus differs from what its model was trained on, in place of what is there.
  public func record(mismatches json: String, of run: OpenRun) throws(StoreError) {
    try transact { db in try RunMismatches.write(json, run: run.id, in: db) }
  }
}
