import Evaluation
import GRDB
public import Store

/// What runs over the same posts predicted, post by post.
public struct RunPredictions: Sendable {
  /// The posts that every run scored and that have a true label: their truths.
  public private(set) var truths: [String] = []
  /// Each run's predictions of them, in the order asked for.
  public private(set) var predicted: [[String]]
  /// The labels of the runs' models, in the first one's order.
  public private(set) var labels: [String] = []
  /// Posts that have a truth and that some runs scored, but not all.
  public private(set) var notShared = 0
  /// When the last of the runs ended; empty where none did.
  public private(set) var finishedAt = ""

  private static let sql = """
    SELECT DISTINCT entry.post_id, truth.label, prediction.label
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
    CROSS JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                          ORDER BY noted_at DESC, source LIMIT 1)
    WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
    ORDER BY entry.post_id
    """

  private static let countSQL =
    "SELECT count(*) FROM entry WHERE run_id = ? AND state IN ('scored', 'without_picture')"

  /// Reads runs by their names.
  ///
  /// - Throws: `ReportingError.noSuchRun`; `noTruth` where no post that all runs scored has a label.
  /// - Complexity: A pass over each run's rows; all truths and predictions come into memory.
  public static func load(from store: StoreReader, runs: [String]) throws(ReportingError) -> RunPredictions {
    try reading(store) { database in
      var result = RunPredictions(predicted: [])
      var found: [[Int64: (truth: String, label: String)]] = []
      var labels: [String] = [], posts = 0
      for name in runs {
        let (run, scorer) = try RunQuery.fetch(database, name: name)
        if labels.isEmpty { labels = scorer.labels }
        result.finishedAt = max(result.finishedAt, run.finishedAt ?? "")
        posts = try Int.fetchOne(database, sql: countSQL, arguments: [run.id]) ?? 0
        var own: [Int64: (truth: String, label: String)] = [:]
        let rows = try Row.fetchCursor(database, sql: sql, arguments: [run.id, scorer.id])
        while let row = try rows.next() {
          own[Int64(row.integer(0))] = (row.text(1) ?? "", row.text(2) ?? "")
        }
        found.append(own)
      }
      let all = found.reduce(into: Set<Int64>()) { $0.formUnion($1.keys) }
      let shared = all.filter { post in found.allSatisfy { $0[post] != nil } }.sorted()
      guard !shared.isEmpty else { throw ReportingError.noTruth(run: runs.last ?? "", posts: posts) }
      result.truths = shared.map { found[0][$0]?.truth ?? "" }
      result.predicted = found.map { posts in shared.map { posts[$0]?.label ?? "" } }
      (result.labels, result.notShared) = (labels, all.count - shared.count)
      return result
    }
  }
}
