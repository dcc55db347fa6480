package import Bytes
import GRDB

extension StoreWriter {
  /// Whether posts need no inference: the scorer's prediction and every requested vector are stored.
  ///
  /// A post without a picture has no `image` vector, so none is required for it; the same is true of a feature stream
  /// in which it has no rows.
  /// - Complexity: O(log n) for each post and space.
  package func known(
    scorer: Int64, spaces: [String], identities: [PostIdentity]
  ) throws(StoreError) -> [Bool] {
    try perform { db in
      let post = try db.cachedStatement(
        sql: """
          SELECT post.id, post.picture_hash IS NOT NULL FROM post JOIN prediction
          ON prediction.scorer_id = ? AND prediction.post_id = post.id WHERE post.key = ? AND post.content_hash = ?
          """)
      let vector = try db.cachedStatement(
        sql: "SELECT 1 FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
      let feature = try db.cachedStatement(sql: "SELECT 1 FROM feature WHERE post_id = ? AND stream = ?")
      return try identities.map { identity in
        let arguments: StatementArguments = [scorer, identity.key.text, identity.contentHash]
        guard let row = try Row.fetchOne(post, arguments: arguments) else { return false }
        let (id, hasPicture): (Int64, Bool) = try (row.get(0), row.get(1))
        return try spaces.allSatisfy { space in
          if space == "image" && !hasPicture { return true }
          if !StoreSchema.wholeSpaces.contains(space), try Int.fetchOne(feature, arguments: [id, space]) == nil {
            return true
          }
          return try Int.fetchOne(vector, arguments: [scorer, space, id]) != nil
        }
      }
    }
  }

  /// Which posts have a picture but no stored thumbnail.
  /// - Complexity: O(log n) for each post.
  package func lackThumbnails(_ identities: [PostIdentity]) throws(StoreError) -> [Bool] {
    try perform { db in
      let post = try db.cachedStatement(
        sql: """
          SELECT 1 FROM post WHERE key = ? AND content_hash = ? AND picture_hash IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM thumbnail WHERE post_id = post.id)
          """)
      return try identities.map { identity in
        try Int.fetchOne(post, arguments: [identity.key.text, identity.contentHash]) != nil
      }
    }
  }
}

/// A record with an entry in a run, as it was entered.
package struct LedgerEntry: Sendable {
  /// The record's number in its file.
  package var record: Int
  /// The record's key, if it could be read.
  package var key: ByteText?
  /// Whether the record is a fault.
  package var isFault: Bool
  /// Whether the record's post was forgotten; then nothing else is known about it.
  package var isForgotten: Bool
  /// The content hash of its post; `nil` if it has none.
  package var contentHash: String?
  /// The picture's hash of its post, in hexadecimal; `nil` if that has no picture.
  package var pictureHash: String?
  /// The hashes of the files of its features, in hexadecimal, by stream.
  package var features: [(stream: String, hash: String)]
}

extension StoreWriter {
  /// At most `count` of a run's records of a file after a given one, ascending.
  /// - Complexity: O(m log n) for m of them in a store of n posts.
  package func ledgerEntries(
    run: Int64, file: String, after record: Int, count: Int
  ) throws(StoreError) -> [LedgerEntry] {
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
        return try LedgerEntry(
          record: row.get(0), key: (row.find(1) as String?).map { ByteText($0) }, isFault: row.get(2),
          isForgotten: row.get(3),
          contentHash: row.find(4), pictureHash: row.find(5),
          features: stride(from: 0, to: parts.count - 1, by: 2).map { (parts[$0], parts[$0 + 1]) })
      }
    }
  }
}
