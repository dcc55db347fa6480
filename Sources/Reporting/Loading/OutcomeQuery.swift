import Evaluation
import GRDB
import Store

/// Counts a run's predictions in one pass: by slice, predicted label, truth and bin of similarity.
enum OutcomeQuery {
  /// The most truths unknown to the model that get a row of their own.
  static let truthLimit = 100

  /// The name of the row for truths beyond that.
  static let furtherTruths = "further labels"

  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: String?
  ) throws -> Outcome {
    var nobody = NotableCandidates(wantsPairs: false, notable: 0)
    return try fetch(database, run: run, scorer: scorer, positive: positive, gathering: &nobody).outcome
  }

  /// The same, and on the way posts that may be shown. Their labels are places among `names`.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, positive: String?,
    gathering candidates: inout NotableCandidates
  ) throws -> (outcome: Outcome, names: [String]) {
    var tally = OutcomeTally(labels: scorer.labels)
    var groups = OutcomeGroups()
    let scan = PredictionScan()
    try scan.forEach(database, run: run.id, scorer: scorer.id) { row in
      groups.add(row)
      candidates.add(row)
    }
    for group in groups.sorted(scan.names) { tally.add(group) }
    guard tally.labels.count <= ReportData.labelLimit else {
      throw ReportingError.tooManyLabels(tally.labels.count, limit: ReportData.labelLimit)
    }
    let outcome = tally.outcome(positive: positive)
    if let positive, outcome.labelled > 0, outcome.evaluation[.all]?.matrix.rowIndex(of: positive) == nil {
      throw ReportingError.noSuchLabel(positive, known: outcome.evaluation[.all]?.matrix.rows ?? [])
    }
    return (outcome, scan.names)
  }
}
