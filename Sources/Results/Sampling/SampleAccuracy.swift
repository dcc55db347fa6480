import Bytes
package import Evaluation
import GRDB
import Queries
package import Store

/// The accuracy of a run in all its posts, estimated from those of a designed sample that are labelled.
///
/// The labelled posts alone give another figure if groups of posts were drawn with different probabilities, or if other
/// posts, such as uncertain ones, were labelled as well. Here each stratum counts by its number of posts in the run.
package struct SampleAccuracy: Equatable, Sendable {
  /// The sample's name.
  package let sample: String
  package let design: SampleRecord.Design
  /// The number of posts in the sample, and of those with a label.
  package let posts: Int
  package let labelled: Int
  /// The share of right predictions among all posts of the run.
  package let share: ShareEstimate

  /// The design in a word, such as `stratified`.
  package var designName: String { design.rawValue }

  /// As a measure, next to those of the labelled posts.
  package var measure: Measure {
    Measure(
      name: "run_accuracy", slice: "all", score: Score(value: share.value),
      interval: .init(low: share.low, high: share.high),
      count: labelled)
  }

  /// Estimates the accuracy from the latest sample of a run that estimates something, and counts reposts as the evaluation
  /// does.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - run: an evaluated run.
  ///   - truth: the source of the true labels; nil for each post's latest.
  /// - Returns: nil if the run has no such sample with labels, or if all posts of the run are labelled; and if the
  ///   sample is random and has all labels, since the labelled posts then say the same.
  /// - Throws: `ResultsError.unreadableStore`.
  package static func load(
    from store: StoreReader, run: EvaluatedRun, truth: String? = nil
  ) throws(ResultsError) -> SampleAccuracy? {
    try reading(store) { database in
      let (facts, scorer) = try RunQuery.fetch(database, name: run.run.text)
      return try fetch(
        database, path: store.path, run: facts, scorer: scorer, isDistinct: run.reposts != nil,
        posts: (scored: run.scored, labelled: run.posts.count), truth: truth)
    }
  }

  /// The same from an open store, for a run with these numbers of posts.
  static func fetch(
    _ database: Database, path: String, run: RunFacts, scorer: ScorerFacts, isDistinct: Bool,
    posts: (scored: Int, labelled: Int), truth: String?
  ) throws -> SampleAccuracy? {
    guard posts.labelled < posts.scored else { return nil }
    let samples = try SampleRecord.all(ofRun: run.id, in: database, path: path)
    guard let sample = samples.first(where: { $0.design.estimates && $0.isDistinct == isDistinct }) else {
      return nil
    }
    var strata = sample.strata.map { LabelledSample.Stratum(population: $0.posts, sum: 0, squares: 0) }
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
    var labelled = 0
    while let row = try rows.next() {
      guard strata.indices.contains(row.integer(0)) else { continue }
      strata[row.integer(0)].label(truth: row.integer(1) != 0 ? 1 : 0, prediction: 0)
      labelled += 1
    }
    guard let share = LabelledSample(strata).plain else { return nil }
    if sample.strata.count == 1, labelled == posts.labelled { return nil }
    return SampleAccuracy(
      sample: sample.name, design: sample.design, posts: sample.size, labelled: labelled, share: share)
  }
}
