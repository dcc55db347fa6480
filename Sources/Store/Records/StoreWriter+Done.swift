import GRDB

/// A record that a run has an entry of, as it was when it was entered.
public struct DoneRecord: Sendable {
  /// The record's number in its file.
  public var record: Int
  /// The record's key, where it could be read that far.
  public var key: String?
  /// Whether the record is a fault.
  public var isFault: Bool
  /// Whether the record's post was removed for good; then nothing is known of it.
  public var isForgotten: Bool
  /// The content hash of its post; `nil` where it has none.
  public var contentHash: String?
  /// The picture's hash of its post, in hexadecimal; `nil` where that has no picture.
  public var pictureHash: String?
  /// The hashes of the files of its features, in hexadecimal, by stream.
  public var features: [(stream: String, hash: String)]
}

extension StoreWriter {
  /// A run's records of a file after one of them, ascending, and no more than `count`.
  /// - Complexity: O(m log n) for m of them in a store of n posts.
  public func doneRecords(
    run: Int64, file: String, after record: Int, count: Int
  ) throws(StoreError) -> [DoneRecord] {
    try perform { db in
      let statement = try db.cachedStatement(
        sql: """
          SELECT record, entry.key, state = 'faulted', state = 'forgotten', content_hash, picture_hash,
            (SELECT group_concat(stream || ' ' || hash, ' ') FROM feature WHERE feature.post_id = post.id)
          FROM entry LEFT JOIN post ON post.id = post_id
          WHERE run_id = ? AND file = ? AND record > ? ORDER BY record LIMIT ?
          """)
      return try Row.fetchAll(statement, arguments: [run, file, record, count]).map { row in
        let words: String? = try row.find(6)
        let parts = words?.utf8.split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) } ?? []
        return try DoneRecord(
          record: row.get(0), key: row.find(1), isFault: row.get(2), isForgotten: row.get(3),
          contentHash: row.find(4), pictureHash: row.find(5),
          features: stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0], parts[$0 + 1]) })
      }
    }
  }
}
