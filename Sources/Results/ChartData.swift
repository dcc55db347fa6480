package import Bytes
package import Evaluation
import GRDB
import Queries
import Store

/// The data of a report's charts; its size does not grow with the store.
package struct ChartData: Equatable, Sendable {
  /// The distribution of confidences and their calibration.
  package var confidence = ConfidenceProfile()
  /// Curves of the labels with the most true posts, at most ``LabelCurve/limit``.
  package var curves: [LabelCurve] = []
  /// The accuracy for each value of a column; nil if no column was requested.
  package var slices: SliceTable?
  /// A sample of posts, each text compared with each picture; nil without stored vectors of both.
  package var pairs: PairRanks?
  /// A sample of the fused space; nil without stored vectors.
  package var map: PrincipalComponentMap?
  /// Streams of features; empty for a model without any.
  package var streams: [StreamFacts] = []
  /// The comparison with another run, if requested.
  package var comparison: RunComparison?
}

/// The distribution of the predictions' confidences.
package struct ConfidenceProfile: Equatable, Sendable {
  /// The number of equally wide bins from 0 to 1; each includes its upper end.
  package static let bins = 20

  /// The number of right predictions in each bin.
  package var right = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// The number of wrong predictions in each bin.
  package var wrong = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// The number of posts without a true label in each bin.
  package var unlabelled = Array(repeating: 0, count: ConfidenceProfile.bins)
  /// Confidence against accuracy, over posts with a true label.
  package var reliability = ReliabilityDiagram()

  /// Counts a post; `isRight` is nil if the truth is unknown.
  package mutating func add(confidence: Double, isRight: Bool?) {
    let place = min(max((confidence * Double(Self.bins)).rounded(.up) - 1, 0), Double(Self.bins - 1))
    let bin = place.isNaN ? 0 : Int(place)
    guard let isRight else { return unlabelled[bin] += 1 }
    reliability.add(confidence: confidence, isRight: isRight)
    if isRight { right[bin] += 1 } else { wrong[bin] += 1 }
  }
}

/// The ranking of posts by the probability of one label.
package struct LabelCurve: Equatable, Sendable {
  /// The most labels with a curve.
  package static let limit = 6

  package var label: ByteText
  /// The curves over the posts with a truth and a probability of the label.
  package var curve: RankingCurve
  /// The 95 % interval of the area under the ROC curve; nil if the area is undefined.
  package var area: ConfusionMatrixBootstrap.Interval?
  /// The 95 % interval of the average precision.
  package var precision: ConfusionMatrixBootstrap.Interval?
}

/// Reads a run's predictions in one pass for the whole report, and the vectors of a sample.
enum ChartQuery {
  struct Request {
    /// The label that counts as positive.
    var positive: ByteText?
    /// The source of the true labels; nil for each post's latest.
    var truth: String?
    /// The column by which posts are grouped.
    var column: String?
    /// The run that this one is compared with.
    var other: ComparedRun?
    /// Collects posts to show; empty at first.
    var candidates: NotableCandidates
    var capabilities: RunCapabilities
  }

  /// Reads the predictions and a sample of the vectors.
  ///
  /// - Returns: The outcome of the run and the data of the charts.
  /// - Complexity: One pass; 8 bytes of memory for each post with a truth, for each label with a curve.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, request: Request
  ) throws -> (outcome: Outcome, charts: ChartData, candidates: NotableCandidates, names: [ByteText]) {
    let column = try request.column.map { try SliceColumn.find($0, in: database, run: run) }
    var pass = PredictionScan(
      labels: scorer.labels,
      curves: request.capabilities.tells(.probabilities)
        ? try curves(database, run: run, scorer: scorer, positive: request.positive) : [],
      column: column, other: request.other, candidates: request.candidates)
    try pass.read(database, run: run, scorer: scorer, truth: request.truth)
    var outcome = try pass.outcome(positive: request.positive)
    outcome.positive = request.positive
    var charts = pass.charts(labels: outcome.labels)
    if var comparison = charts.comparison {
      try FlipQuery.addTexts(database, to: &comparison)
      charts.comparison = comparison
    }
    let pool = pass.pool.sorted
    charts.pairs = try VectorQuery.pairs(database, scorer: scorer, pool: pool)
    charts.map = try VectorQuery.map(database, scorer: scorer, pool: pool, labels: pass.names)
    let accuracy = outcome.evaluation[.all]?.metrics.accuracy.value ?? 0
    charts.streams = try StreamQuery.fetch(
      database, run: run, scorer: scorer,
      all: StreamFacts.Tally(
        posts: outcome.posts, labelled: outcome.labelled,
        right: Int((accuracy * Double(outcome.labelled)).rounded())), pool: pool)
    return (outcome, charts, pass.candidates, pass.names)
  }

  /// The indexes of the labels with a curve, in the model's order: the positive label if there is one, else those with
  /// the most true posts.
  private static func curves(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: ByteText?
  ) throws -> [Int] {
    let labels = scorer.labels
    if let positive, let place = labels.firstIndex(of: positive) { return [place] }
    guard labels.count > LabelCurve.limit else { return Array(labels.indices) }
    var counts = Array(repeating: 0, count: labels.count)
    let places = labels.places
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT label.label, count(*) FROM entry CROSS JOIN label ON label.post_id = entry.post_id
        WHERE entry.run_id = ? AND \(run.isCounted("entry")) GROUP BY label.label
        """, arguments: [run.id])
    while let row = try rows.next() {
      if let place = row.byteText(0).flatMap({ places[$0] }) { counts[place] = row.integer(1) }
    }
    let some = labels.indices.filter { counts[$0] > 0 }
    return some.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(LabelCurve.limit).sorted()
  }
}
