import Bytes
import Evaluation
import GRDB
import Queries
import Store

/// One pass over a run's predictions that collects the counts for the whole report.
struct PredictionScan {
  private(set) var pool = PostSample()
  private(set) var candidates: NotableCandidates
  private var codes: LabelDictionary
  private let labels: [ByteText]
  private var groups = OutcomeAggregator()
  /// The indexes of the labels with a curve.
  private let curves: [Int]
  private var scores: [(positives: [Double], negatives: [Double])]
  private let reader: ProbabilityText
  private var values: [Double]
  private var confidence = ConfidenceProfile()
  private let column: SliceColumn?
  private var slices = SliceTally()
  private var flips: PredictionFlipTally?

  /// - Parameters:
  ///   - labels: the model's labels, in the order of the stored probabilities.
  ///   - curves: the indexes of the labels with a curve, in ascending order.
  ///   - column: the column by which posts are grouped, if any.
  ///   - other: the run to compare with, if any.
  ///   - candidates: collects posts that may be shown.
  init(
    labels: [ByteText], curves: [Int], column: SliceColumn?, other: ComparedRun?, candidates: NotableCandidates
  ) {
    self.candidates = candidates
    (self.labels, self.column, self.curves) = (labels, column, curves)
    flips = other.map { PredictionFlipTally($0, labels: labels) }
    codes = LabelDictionary(flips?.labels ?? labels)
    scores = curves.map { _ in ([], []) }
    values = curves.map { _ in .nan }
    reader = ProbabilityText(labels: labels, wanted: curves)
  }

  /// The label of each number: the model's first, then any others that are predicted or true.
  var names: [ByteText] { codes.names }

  func outcome(positive: ByteText?) throws -> Outcome {
    try groups.outcome(model: labels, names: names, positive: positive)
  }

  /// The charts' data that needs neither vectors nor texts; `labels` are the predicted labels.
  func charts(labels: [ByteText]) -> ChartData {
    var charts = ChartData(confidence: confidence)
    charts.curves = zip(curves, scores).map { place, scores in
      let intervals = RankingCurve.intervals(positives: scores.positives, negatives: scores.negatives)
      return LabelCurve(
        label: self.labels[place], curve: RankingCurve(positives: scores.positives, negatives: scores.negatives),
        area: intervals.area, precision: intervals.precision)
    }
    charts.curves.removeAll { $0.curve.positives == 0 }
    charts.slices = column.map { slices.table(column: $0.name, labels: labels, names: names) }
    charts.comparison = flips?.comparison(names: names)
    return charts
  }

  /// The columns of the statement.
  enum Columns {
    static let label: Int32 = 0
    static let confidence: Int32 = 1
    static let probabilities: Int32 = 2
    static let truth: Int32 = 3
    static let value: Int32 = 4
    static let content: Int32 = 5
    static let post: Int32 = 6
    static let key: Int32 = 7
    static let picture: Int32 = 8
    static let isAlone: Int32 = 9
    static let isMute: Int32 = 10
    static let similarity: Int32 = 11
    static let isTruncated: Int32 = 12
    static let unknownShare: Int32 = 13
    static let twin: Int32 = 14
  }

  private func sql(_ column: String, twin: String, truth: TrueLabelJoin, run: RunFacts) -> String {
    """
    SELECT prediction.label, \(SQLFragments.confidence(of: "prediction")),
      \(SQLFragments.probabilities(of: "prediction")), truth.label, CAST(\(column) AS TEXT),
      post.content_hash, post.id, post.key, post.picture_hash,
      \(SQLFragments.isScoredWithoutPicture("entry")), post.text = '',
      prediction.text_image_similarity, prediction.truncated > 0, prediction.unknown_share, \(twin)
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
    CROSS JOIN post ON post.id = entry.post_id
    LEFT \(truth.sql)
    WHERE entry.run_id = ? AND \(run.isCounted("entry"))
    """
  }

  /// Reads a run; `truth` is the source of the true labels, nil for each post's latest.
  mutating func read(_ database: Database, run: RunFacts, scorer: ScorerFacts, truth: String?) throws {
    pool = try PostSample(database, run: run)
    let statement = try database.makeStatement(
      sql: sql(
        column?.expression ?? "NULL", twin: flips == nil ? "NULL" : FeatureVariantPost.sql(database),
        truth: TrueLabelJoin(database, source: truth), run: run))
    let first: StatementArguments = (column?.argument).map { [$0] } ?? []
    let cursor = try Row.fetchCursor(statement, arguments: first + [scorer.id] + (truth.map { [$0] } ?? []) + [run.id])
    let row = StatementRow(statement)
    try flips?.prepare(database, run: run)
    while try cursor.next() != nil { add(row) }
  }

  private mutating func add(_ row: StatementRow) {
    guard let label = row.bytes(Columns.label) else { return }
    let predicted = codes.code(label), truth = row.bytes(Columns.truth).map { codes.code($0) }
    let sure = row.number(Columns.confidence), isAlone = row.integer(Columns.isAlone) != 0
    let isMute = row.integer(Columns.isMute) != 0
    groups.add(
      OutcomeAggregator.Post(
        isAlone: isAlone, isMute: isMute, predicted: predicted, truth: truth,
        confidence: sure,
        similarity: isMute ? nil : row.number(Columns.similarity), isTruncated: row.integer(Columns.isTruncated) != 0,
        unknownShare: row.number(Columns.unknownShare) ?? 0))
    if let sure { confidence.add(confidence: sure, isRight: truth.map { $0 == predicted }) }
    if let truth, !curves.isEmpty { addScores(row, truth: truth) }
    if column != nil { slices.add(value: row.byteText(Columns.value), truth: truth, predicted: predicted) }
    if let hash = row.bytes(Columns.content), pool.takes(hash) {
      pool.add(
        PostSample.Post(
          id: row.integer(Columns.post), hash: ByteText(decoding: hash), key: row.byteText(Columns.key) ?? "",
          picture: isAlone ? nil : row.byteText(Columns.picture), hasText: !isMute, label: truth ?? predicted,
          isWrong: truth.map { $0 != predicted }))
    }
    if candidates.isWanted { addCandidate(row, truth: truth, predicted: predicted, confidence: sure) }
    flips?.add(row, truth: truth, predicted: predicted, confidence: sure)
  }

  private mutating func addCandidate(_ row: StatementRow, truth: Int?, predicted: Int, confidence: Double?) {
    candidates.add(
      NotableCandidates.Row(
        post: row.integer(Columns.post), predicted: predicted, truth: truth,
        similarity: row.number(Columns.similarity).map { max(-1, min(1, $0)) }, confidence: confidence,
        hash: row.bytes(Columns.content).map(Self.beginning) ?? 0))
  }

  /// The first fifteen hexadecimal digits of a hash as a number.
  private static func beginning(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0
    for byte in text.prefix(15) {
      switch byte {
      case 48...57: hash = hash << 4 | UInt64(byte - 48)
      case 97...102: hash = hash << 4 | UInt64(byte - 87)
      default: return hash
      }
    }
    return hash
  }

  private mutating func addScores(_ row: StatementRow, truth: Int) {
    guard let text = row.bytes(Columns.probabilities) else { return }
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

/// The SQL that joins an entry's post with its true label, or with the label of a given source.
struct TrueLabelJoin {
  /// Written after the kind of join: `LEFT \(…)` keeps posts without a truth, `CROSS \(…)` leaves them out.
  let sql: String
  /// Whether one source was requested, or the store has no other.
  let isOneSource: Bool

  /// With a source, its name is an argument of the statement.
  ///
  /// Most stores have labels from a single source. Then a post has at most one label, and the latest need not be looked
  /// up.
  /// - Complexity: One pass over the labels if no source is given.
  init(_ database: Database, source: String? = nil) throws {
    let join = "JOIN label AS truth ON truth.post_id = entry.post_id"
    if source != nil {
      sql = join + " AND truth.source = ?"
      isOneSource = true
    } else {
      isOneSource = try Bool.fetchOne(database, sql: "SELECT min(source) IS max(source) FROM label") ?? true
      sql = join + (isOneSource ? "" : " AND truth.source = \(SQLFragments.trueLabelSource)")
    }
  }
}
