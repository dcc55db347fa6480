package import Bytes
import Evaluation
import GRDB
import Queries
package import Store

/// The true labels of a run that are probably wrong, by confident learning.
package struct DoubtfulLabels: Sendable {
  /// A post with such a label.
  package struct Row: Equatable, Sendable {
    package var key: String
    /// The label that it has.
    package var given: ByteText
    /// The label that it more probably has.
    package var likely: ByteText
    /// The model's probability of the given label.
    package var probability: Double
    /// The probability of the likely label, less that of the given one.
    package var margin: Double
    package var text: String
  }

  package let run: ByteText
  /// The number of posts with a true label that the model knows.
  package let labelled: Int
  /// The number of labels that are probably wrong.
  package let found: Int
  /// They, the most doubtful first; as many as were asked for.
  package let rows: [Row]
  /// The run's reposts, if one post of each group counts.
  package let reposts: RunReposts?

  /// Finds the doubtful labels of a run.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - run: the run's name; nil for the latest.
  ///   - truth: the source of the true labels; nil for each post's latest.
  ///   - isDistinct: whether one post of each group of reposts counts.
  ///   - limit: the most rows; nil for all.
  /// - Returns: the labels, with what they were found among.
  /// - Throws: `ResultsError.noTruth`, `noSuchSource`, `noProbabilities` and others.
  /// - Complexity: One pass over the run's rows; 16 + 4 · labels bytes of memory for each post with a true label.
  package static func load(
    from store: StoreReader, run: String? = nil, truth: String? = nil, isDistinct: Bool = false, limit: Int? = nil
  ) throws(ResultsError) -> DoubtfulLabels {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run, isDistinct: isDistinct)
      let found = try find(database, run: run, scorer: scorer, truth: truth)
      let statement = try database.makeStatement(sql: "SELECT key, text FROM post WHERE id = ?")
      let rows = try found.issues.prefix(limit ?? .max).map { issue in
        let post = try GRDB.Row.fetchOne(statement, arguments: [found.posts[issue.post]])
        let likely = found.labelled.row(issue.post)[issue.likely]
        return Row(
          key: post?.text(0) ?? "", given: scorer.labels[issue.given], likely: scorer.labels[issue.likely],
          probability: issue.selfConfidence, margin: likely - issue.selfConfidence, text: post?.text(1) ?? "")
      }
      return DoubtfulLabels(
        run: run.name, labelled: found.labelled.count, found: found.issues.count, rows: rows, reposts: run.reposts)
    }
  }

  /// The doubtful labels, with the posts that ``LabelIssues/Issue/post`` counts.
  struct Found {
    var issues: [LabelIssues.Issue]
    /// The posts' rows in the store.
    var posts: [Int64]
    var labelled: LabelledPosts
  }

  static func find(_ database: Database, run: RunFacts, scorer: ScorerFacts, truth: String?) throws -> Found {
    guard try CapabilityQuery.fetch(database, run: run, scorer: scorer).tells(.probabilities) else {
      throw ResultsError.noProbabilities(run: run.name.text)
    }
    let found = try read(database, run: run, scorer: scorer, truth: truth)
    guard !found.posts.isEmpty else { throw try noTruth(database, run: run, truth: truth) }
    return found
  }

  /// The same for a run with probabilities; without posts if no true label is one that the model knows.
  static func read(_ database: Database, run: RunFacts, scorer: ScorerFacts, truth: String?) throws -> Found {
    let join = try TrueLabelJoin(database, source: truth)
    let statement = try database.makeStatement(
      sql: """
        SELECT entry.post_id, truth.label, prediction.label, \(SQLFragments.probabilities(of: "prediction"))
        FROM entry
        CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        CROSS \(join.sql)
        WHERE entry.run_id = ? AND \(run.isCounted("entry"))
        ORDER BY entry.file, entry.record
        """)
    let cursor = try GRDB.Row.fetchCursor(
      statement, arguments: [scorer.id] + (truth.map { [$0] } ?? []) + [run.id])
    let row = StatementRow(statement)
    let reader = ProbabilityText(labels: scorer.labels, wanted: Array(scorer.labels.indices))
    var codes = LabelDictionary(scorer.labels), values = [Double](repeating: .nan, count: scorer.labels.count)
    var posts: [Int64] = [], labelled = LabelledPosts(labels: scorer.labels)
    while try cursor.next() != nil {
      guard let given = row.bytes(1), let predicted = row.bytes(2) else { continue }
      let code = codes.code(given)
      // A label that the model does not know has no probability to doubt it by.
      guard code < scorer.labels.count else { continue }
      for label in values.indices { values[label] = .nan }
      if let text = row.bytes(3) { reader.read(text, into: &values) }
      labelled.add(truth: code, predicted: codes.code(predicted), probabilities: values)
      posts.append(row.integer(0))
    }
    labelled.name(codes.names)
    return Found(issues: LabelIssues.find(labelled), posts: posts, labelled: labelled)
  }

  /// The most doubtful labels with their posts.
  static func shown(
    _ limit: Int, _ database: Database, run: RunFacts, scorer: ScorerFacts, truth: String?, posts: PostQuery
  ) throws -> ShownDoubts {
    let found = try read(database, run: run, scorer: scorer, truth: truth)
    let shown = try found.issues.prefix(limit).compactMap { issue in
      try posts.post(found.posts[issue.post]).map {
        ShownDoubts.Post(
          post: $0, given: scorer.labels[issue.given], probability: issue.selfConfidence,
          likely: scorer.labels[issue.likely], likelyProbability: found.labelled.row(issue.post)[issue.likely])
      }
    }
    return ShownDoubts(labelled: found.labelled.count, found: found.issues.count, posts: shown)
  }

  private static func noTruth(_ database: Database, run: RunFacts, truth: String?) throws -> ResultsError {
    let sources = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT label.source FROM entry CROSS JOIN label ON label.post_id = entry.post_id
        WHERE entry.run_id = ? AND \(run.isCounted("entry")) ORDER BY label.source
        """, arguments: [run.id])
    if let truth, !sources.contains(where: { ByteText($0) == ByteText(truth) }) {
      return .noSuchSource(truth, known: sources)
    }
    let scored = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM entry WHERE run_id = ? AND \(run.isCounted("entry"))", arguments: [run.id])
    return .noTruth(run: run.name.text, posts: scored ?? 0)
  }
}
