import Evaluation
import GRDB
import Store

/// Counts a run's predictions in one pass: by slice, predicted label, truth and bin of similarity.
enum OutcomeQuery {
  /// The most truths unknown to the model that get a row of their own.
  static let truthLimit = 100

  /// The name of the row for truths beyond that.
  static let furtherTruths = "further labels"

  private static func sql(_ truth: TruthJoin) -> String {
    """
    SELECT entry.state = 'without_picture', post.text = '', prediction.label, truth.label, text_image_similarity,
      confidence, truncated > 0, unknown_share
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT \(truth.sql)
    WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
    """
  }

  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: String?
  ) throws -> Outcome {
    var tally = OutcomeTally(labels: scorer.labels)
    var groups = OutcomeGroups()
    let rows = try Row.fetchCursor(database, sql: sql(TruthJoin(database)), arguments: [run.id, scorer.id])
    while let row = try rows.next() {
      let similarity = row.number(4).map { max(-1, min(1, $0)) }
      groups.add(
        OutcomeTally.Group(
          withoutPicture: row.integer(0) != 0, withoutText: row.integer(1) != 0, predicted: row.text(2) ?? "",
          truth: row.text(3),
          bin: similarity.map { min(Alignment.bins - 1, Int(($0 + 1) * Double(Alignment.bins) / 2)) }, count: 1,
          confidence: row.number(5) ?? 0, similarity: similarity ?? 0, truncated: row.integer(6),
          unknownShare: row.number(7) ?? 0))
    }
    for group in groups.sorted() { tally.add(group) }
    guard tally.labels.count <= ReportData.labelLimit else {
      throw ReportingError.tooManyLabels(tally.labels.count, limit: ReportData.labelLimit)
    }
    let outcome = tally.outcome(positive: positive)
    if let positive, outcome.labelled > 0, outcome.evaluation[.all]?.matrix.rowIndex(of: positive) == nil {
      throw ReportingError.noSuchLabel(positive, known: outcome.evaluation[.all]?.matrix.rows ?? [])
    }
    return outcome
  }
}
