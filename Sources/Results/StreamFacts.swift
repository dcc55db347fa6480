package import Bytes
import GRDB
import Queries
import Store

/// The accuracy of a run on posts with features in a stream, and on posts without.
package struct StreamFacts: Equatable, Sendable {
  package struct Tally: Equatable, Sendable {
    /// Scored posts.
    package var posts = 0
    /// Posts with a true label.
    package var labelled = 0
    /// Posts that are predicted right.
    package var right = 0
  }

  package var name: ByteText
  /// Posts with features in the stream.
  package var with: Tally
  /// Posts without features in the stream.
  package var without: Tally
  /// A sample of posts, each text compared with each post's features; nil without stored vectors of both.
  package var pairs: PairRanks?
}

/// Counts the posts with features for each stream.
enum StreamQuery {
  /// The most streams that are reported, as many as a model can have.
  private static let limit = 16

  /// `all` counts every scored post of the run; `pool` is a sample of them whose vectors are compared.
  ///
  /// - Complexity: One pass over the run's rows if the store has features.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, all: StreamFacts.Tally, pool: [PostSample.Post]
  ) throws -> [StreamFacts] {
    guard try database.hasFeatures() else { return [] }
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT feature.stream, count(*), count(truth.label), coalesce(sum(truth.label = prediction.label), 0)
        FROM entry
        CROSS JOIN feature ON feature.post_id = entry.post_id
        CROSS JOIN prediction ON prediction.scorer_id = ?1 AND prediction.post_id = entry.post_id
        LEFT \(try TrueLabelJoin(database).sql)
        WHERE entry.run_id = ?2 AND \(run.isCounted("entry"))
        GROUP BY feature.stream ORDER BY feature.stream LIMIT \(limit)
        """, arguments: [scorer.id, run.id])
    return try rows.map { row in
      let name = row.byteText(0) ?? ""
      let with = StreamFacts.Tally(posts: row.integer(1), labelled: row.integer(2), right: row.integer(3))
      let others = max(0, all.labelled - with.labelled)
      return StreamFacts(
        name: name, with: with,
        without: StreamFacts.Tally(
          posts: max(0, all.posts - with.posts), labelled: others, right: min(others, max(0, all.right - with.right))),
        pairs: try VectorQuery.pairs(database, scorer: scorer, stream: name.text, pool: pool))
    }
  }
}

extension Database {
  /// Whether the store has features for any post; older stores have no table for them.
  func hasFeatures() throws -> Bool {
    try tableExists("feature") && Bool.fetchOne(self, sql: "SELECT EXISTS (SELECT 1 FROM feature)") ?? false
  }
}
