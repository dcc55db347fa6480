import Bytes
import Evaluation
import GRDB
import Store

/// Reads what the charts show in one pass over a run's predictions, and the vectors of a sample.
enum ChartQuery {
  /// What is asked for beyond what every report has.
  struct Request {
    /// The column that posts are told apart by.
    var column: String?
    /// The run that this one is compared with.
    var other: ComparedRun?
  }

  /// - Complexity: One pass; 8 bytes of memory for each post with a truth and label with a curve.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, outcome: Outcome, request: Request
  ) throws -> ChartData {
    let column = try request.column.map { try SliceColumn.find($0, in: database, run: run) }
    var pass = PredictionPass(
      labels: outcome.labels, curves: curves(outcome), probabilities: scorer.labels, column: column,
      other: request.other)
    try pass.read(database, run: run, scorer: scorer, posts: outcome.posts)
    var charts = pass.charts
    if var comparison = charts.comparison {
      try FlipQuery.addTexts(database, to: &comparison)
      charts.comparison = comparison
    }
    let pool = pass.pool.sorted
    charts.pairs = try VectorQuery.pairs(database, scorer: scorer, pool: pool)
    charts.map = try VectorQuery.map(database, scorer: scorer, pool: pool, labels: pass.names)
    return charts
  }

  /// The places of the labels that get a curve, in the model's order: of two labels the positive one, else those with the
  /// most true posts among the ones that some posts have and some have not.
  private static func curves(_ outcome: Outcome) -> [Int] {
    guard outcome.labelled > 0, let part = outcome.evaluation[.all] else { return [] }
    let labels = part.metrics.labels.prefix(outcome.labels.count)
    if outcome.labels.count == 2, let positive = part.metrics.binary?.label {
      return labels.indices.filter { labels[$0].label.hasSameBytes(as: positive) }
    }
    let some = labels.indices.filter { labels[$0].support > 0 && labels[$0].support < part.metrics.total }
    return some.sorted { (labels[$1].support, $0) < (labels[$0].support, $1) }.prefix(LabelCurve.limit).sorted()
  }
}
