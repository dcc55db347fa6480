import Bytes
import Evaluation
import GRDB
import Store

/// One pass over a run's predictions that counts for all charts at once.
struct PredictionPass {
  private(set) var pool = PostPool()
  private var codes: LabelCodes
  private let labels: [String]
  /// The labels that get a curve, and their scores so far.
  private let curves: [Int]
  private var scores: [(positives: [Double], negatives: [Double])]
  private let reader: ProbabilityText
  private var values: [Double]
  private var confidence = ConfidenceProfile()
  private let column: SliceColumn?
  private var slices = SliceTally()
  private var flips: FlipTally?

  /// Prepares to count.
  ///
  /// - Parameters:
  ///   - labels: the labels of predictions, by number.
  ///   - curves: the numbers of the labels that get a curve.
  ///   - probabilities: the labels in the order of the stored probabilities.
  ///   - column: what posts are told apart by, if anything.
  ///   - other: the run to compare with, if any.
  init(labels: [String], curves: [Int], probabilities: [String], column: SliceColumn?, other: ComparedRun?) {
    (self.labels, self.column) = (labels, column)
    flips = other.map { FlipTally($0, labels: labels) }
    codes = LabelCodes(flips?.labels ?? labels)
    // A label that the model does not have has no probability.
    self.curves = curves.filter { $0 < probabilities.count }
    scores = self.curves.map { _ in ([], []) }
    values = self.curves.map { _ in .nan }
    reader = ProbabilityText(labels: probabilities, wanted: self.curves)
  }

  /// All labels by number, truths that are no labels of the model included.
  var names: [String] { codes.names }

  /// What was counted, but for what needs vectors or texts.
  var charts: ChartData {
    var charts = ChartData(confidence: confidence)
    charts.curves = zip(curves, scores).map {
      LabelCurve(label: labels[$0], curve: RankingCurve(positives: $1.positives, negatives: $1.negatives))
    }
    charts.slices = column.map { slices.table(column: $0.name, labels: labels, names: names) }
    charts.comparison = flips?.comparison(names: names)
    return charts
  }

  // The truth of a post is its latest label, as the view `scored` has it.
  private func sql(_ column: String) -> String {
    """
    SELECT prediction.label, prediction.confidence, prediction.probabilities, truth.label, CAST(\(column) AS TEXT),
      post.content_hash, post.id, post.picture_hash, post.key, entry.state = 'scored'
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                          ORDER BY noted_at DESC, source LIMIT 1)
    WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture')
    """
  }

  /// Reads a run of about so many posts.
  mutating func read(_ database: Database, run: RunFacts, scorer: ScorerFacts, posts: Int) throws {
    let statement = try database.makeStatement(sql: sql(column?.expression ?? "NULL"))
    let first: StatementArguments = (column?.argument).map { [$0] } ?? []
    let cursor = try Row.fetchCursor(statement, arguments: first + [scorer.id, run.id])
    pool.size(for: posts)
    let row = RawRow(statement)
    while try cursor.next() != nil { add(row) }
  }

  private mutating func add(_ row: RawRow) {
    guard let label = row.bytes(0) else { return }
    let predicted = codes.code(label), truth = row.bytes(3).map { codes.code($0) }
    let sure = row.number(1) ?? 0
    confidence.add(confidence: sure, isRight: truth.map { $0 == predicted })
    if let truth, !curves.isEmpty { addScores(row, truth: truth) }
    if column != nil { slices.add(value: row.text(4), truth: truth, predicted: predicted) }
    if let hash = row.bytes(Columns.content), pool.takes(hash) {
      pool.add(
        PostPool.Post(
          id: row.integer(Columns.post), hash: String(decoding: hash, as: UTF8.self), key: row.text(Columns.key) ?? "",
          picture: row.integer(9) == 0 ? nil : row.text(7), label: truth ?? predicted,
          isWrong: truth.map { $0 != predicted }))
    }
    flips?.add(row, truth: truth, predicted: predicted, confidence: sure)
  }

  private mutating func addScores(_ row: RawRow, truth: Int) {
    guard let text = row.bytes(2) else { return }
    reader.read(text, into: &values)
    for (place, label) in curves.enumerated() where !values[place].isNaN {
      if truth == label {
        scores[place].positives.append(values[place])
      } else {
        scores[place].negatives.append(values[place])
      }
    }
  }
}

extension PredictionPass {
  /// The columns of a row that tell a post apart from others, here and in another store.
  enum Columns {
    static let content: Int32 = 5
    static let post: Int32 = 6
    static let key: Int32 = 8
  }
}
