package import Evaluation
import GRDB
import Queries
import Store

/// The accuracy of a run in all its posts, estimated from the labelled posts of its designed sample; `clfa evaluate` calls
/// it `run_accuracy`. See ``EvaluatedSample``, which has every measure.
package struct SampleAccuracy: Equatable, Sendable {
  /// The sample's design in a word, such as `stratified`.
  package let design: String
  /// The number of posts in the sample with a label.
  package let labelled: Int
  /// The share of right predictions among all posts of the run.
  package let share: ShareEstimate

  /// Estimates it from an open store.
  ///
  /// - Parameters:
  ///   - database: the store.
  ///   - path: the store's path, for errors.
  ///   - run: the run.
  ///   - scorer: its scorer.
  ///   - posts: the number of the run's scored posts, and of those with a label.
  ///   - truth: the source of the true labels; nil for each post's latest.
  /// - Returns: nil if the run has no sample that estimates something, or if all posts of the run are labelled; and if the
  ///   sample is random and has all labels, since the labelled posts then say the same.
  /// - Throws: `StoreError` or `DatabaseError`.
  static func fetch(
    _ database: Database, path: String, run: RunFacts, scorer: ScorerFacts,
    posts: (scored: Int, labelled: Int), truth: String?
  ) throws -> SampleAccuracy? {
    guard posts.labelled < posts.scored else { return nil }
    let samples = try SampleRecord.all(ofRun: run.id, in: database, path: path), isDistinct = run.reposts != nil
    guard let sample = samples.first(where: { $0.design.estimates && $0.isDistinct == isDistinct }) else {
      return nil
    }
    let join = try TrueLabelJoin(database, source: truth)
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT sample_post.stratum, truth.label = prediction.label
        FROM sample_post
        CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = sample_post.post_id AND entry.run_id = ?
        CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        CROSS \(join.sql)
        WHERE sample_post.sample_id = (SELECT id FROM sample WHERE name = ?) AND \(SQLFragments.isScored("entry"))
        """,
      arguments: [run.id, scorer.id] + (truth.map { [$0] } ?? []) + [sample.name])
    var strata: [Int?] = [], isRight: [Bool] = []
    while let row = try rows.next() {
      strata.append(row.integer(0))
      isRight.append(row.integer(1) != 0)
    }
    if sample.strata.count == 1, strata.count == posts.labelled { return nil }
    let designed = DesignedSample(populations: sample.strata.map(\.posts), strata: strata)
    return designed.share { posts in (posts.count { isRight[Int($0)] }, posts.count) }.map {
      SampleAccuracy(design: sample.design.rawValue, labelled: designed.labelled, share: $0)
    }
  }
}
