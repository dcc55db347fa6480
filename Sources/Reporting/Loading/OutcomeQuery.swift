import Evaluation
import GRDB
import Store

/// Counts a run's predictions in one pass: by slice, predicted label, truth and bin of similarity.
enum OutcomeQuery {
  /// The most truths unknown to the model that get a row of their own.
  static let truthLimit = 100

  /// The name of the row for truths beyond that.
  static let furtherTruths = "further labels"

  // The truth of a post is its latest label, as the view `scored` has it.
  private static let sql = """
    SELECT entry.state = 'without_picture' AS alone, post.text = '' AS mute, prediction.label AS predicted,
      truth.label AS truth,
      min(?2 - 1, CAST((max(-1.0, min(1.0, text_image_similarity)) + 1) * (?2 / 2.0) AS INTEGER)) AS bin,
      count(*), sum(confidence), sum(max(-1.0, min(1.0, text_image_similarity))), sum(truncated > 0),
      sum(unknown_share)
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?3 AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                          ORDER BY noted_at DESC, source LIMIT 1)
    WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
    GROUP BY alone, mute, predicted, truth, bin
    ORDER BY alone, mute, predicted, truth, bin
    """

  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: String?
  ) throws -> Outcome {
    var tally = OutcomeTally(labels: scorer.labels)
    let rows = try Row.fetchCursor(database, sql: sql, arguments: [run.id, Alignment.bins, scorer.id])
    while let row = try rows.next() {
      tally.add(
        OutcomeTally.Group(
          withoutPicture: row.integer(0) != 0, withoutText: row.integer(1) != 0, predicted: row.text(2) ?? "",
          truth: row.text(3), bin: row[4] as DatabaseValue == .null ? nil : row.integer(4),
          count: row.integer(5), confidence: row.number(6) ?? 0, similarity: row.number(7) ?? 0,
          truncated: row.integer(8), unknownShare: row.number(9) ?? 0))
    }
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
