import Bytes
import Evaluation
import GRDB
import Store

/// Reads a run's predictions in one pass for all that a report says of them, and the vectors of a sample.
enum ChartQuery {
  /// What is asked for.
  struct Request {
    /// The label that counts as positive.
    var positive: String?
    /// Whose true labels count; nil for each post's latest.
    var truth: String?
    /// The column that posts are told apart by.
    var column: String?
    /// The run that this one is compared with.
    var other: ComparedRun?
    /// Posts that may be shown, none as yet.
    var candidates: NotableCandidates
    /// What the run can tell.
    var capabilities: RunCapabilities
  }

  /// Reads.
  ///
  /// - Returns: What was predicted, and what the charts show.
  /// - Complexity: One pass; 8 bytes of memory for each post with a truth and label with a curve.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, request: Request
  ) throws -> (outcome: Outcome, charts: ChartData, candidates: NotableCandidates, names: [String]) {
    let column = try request.column.map { try SliceColumn.find($0, in: database, run: run) }
    var pass = PredictionPass(
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

  /// The places of the labels that may have a curve, in the model's order: the positive one where somebody named one, of
  /// many those with the most true posts.
  private static func curves(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: String?
  ) throws -> [Int] {
    let labels = scorer.labels
    if let positive, let place = labels.firstIndex(where: { $0.hasSameBytes(as: positive) }) { return [place] }
    guard labels.count > LabelCurve.limit else { return Array(labels.indices) }
    var counts = Array(repeating: 0, count: labels.count)
    let places = Dictionary(labels.enumerated().map { (ByteText($1), $0) }, uniquingKeysWith: { first, _ in first })
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT label.label, count(*) FROM entry CROSS JOIN label ON label.post_id = entry.post_id
        WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture') GROUP BY label.label
        """, arguments: [run.id])
    while let row = try rows.next() {
      if let place = row.text(0).flatMap({ places[ByteText($0)] }) { counts[place] = row.integer(1) }
    }
    let some = labels.indices.filter { counts[$0] > 0 }
    return some.sorted { (counts[$1], $0) < (counts[$0], $1) }.prefix(LabelCurve.limit).sorted()
  }
}
