package import Bytes
import GRDB
package import Store

/// The samples of a store, with how far they are labelled.
package struct ListedSample: Equatable, Sendable {
  package let sample: SampleRecord
  /// The name of the run that it was drawn from.
  package let run: ByteText
  /// The number of its posts that are still in the store.
  package let posts: Int
  /// The number of them that have a true label.
  package let labelled: Int

  /// The samples of a run, or of all runs for nil; those of the latest run first, and of a run the latest first.
  ///
  /// - Throws: `ResultsError.noSuchRun`, `unreadableStore`.
  package static func all(from store: StoreReader, run: String? = nil) throws(ResultsError) -> [ListedSample] {
    try reading(store) { database in
      let ids: [Int64] =
        try run.map { [try RunQuery.fetch(database, name: $0).0.id] }
        ?? Int64.fetchAll(database, sql: "SELECT id FROM run ORDER BY id DESC")
      return try ids.flatMap { id in
        let run = try Row.fetchOne(database, sql: "SELECT name FROM run WHERE id = ?", arguments: [id])?.byteText(0)
        return try SampleRecord.all(ofRun: id, in: database, path: store.path).map { sample in
          let counts = try Row.fetchOne(
            database,
            sql: """
              SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM label WHERE label.post_id = sample_post.post_id)), 0)
              FROM sample_post WHERE sample_id = (SELECT id FROM sample WHERE name = ?)
              """, arguments: [sample.name])
          return ListedSample(
            sample: sample, run: run ?? "", posts: counts?.integer(0) ?? 0, labelled: counts?.integer(1) ?? 0)
        }
      }
    }
  }
}
