import Bytes
import Evaluation

/// Adds groups of predictions up to an outcome.
struct OutcomeTally {
  /// Predictions that share slice, label, truth and bin.
  struct Group {
    var withoutPicture: Bool
    var withoutText: Bool
    var predicted: String
    var truth: String?
    var bin: Int?
    var count: Int
    var confidence: Double
    /// The posts whose confidence is known.
    var sure: Int
    var similarity: Double
    var squares: Double
    var truncated: Int
    var unknownShare: Double
  }

  /// The most truths unknown to the model that get a row of their own.
  static let truthLimit = 100

  /// The name of the row for truths beyond that.
  static let furtherTruths = "further labels"

  private(set) var labels: [String]
  private var column: [ByteText: Int] = [:]
  private var unknownTruthSet: Set<ByteText> = []
  /// Cells of (slice, truth, predicted), counted before every label is known.
  private var cells: [(slices: [EvaluationSlice], truth: String, predicted: String, count: Int)] = []
  private var counts: [Int]
  private var confidences: [Double]
  private var sure: [Int]
  private var byPredicted: [Alignment.Mean]
  private var pairs: [(truth: String, column: Int, mean: Alignment.Mean)] = []
  private var overall = Alignment.Mean()
  private var histogram = Array(repeating: 0, count: Alignment.bins)
  private var sliceCounts: [EvaluationSlice: Int] = [:]
  private var posts = 0
  private var withoutText = 0
  private var truncated = 0
  private var unknownShare = 0.0
  private var labelled = 0
  private var pooled = 0

  init(labels: [String]) {
    self.labels = []
    counts = []
    confidences = []
    sure = []
    byPredicted = []
    for label in labels { _ = index(of: label) }
  }

  mutating func add(_ group: Group) {
    // Beyond the limit the caller refuses the store; nothing more is kept until then.
    guard labels.count <= ReportData.labelLimit else { return }
    let column = index(of: group.predicted)
    let slices = Self.slices(of: group)
    posts += group.count
    for slice in slices { sliceCounts[slice, default: 0] += group.count }
    if group.withoutText && !group.withoutPicture { withoutText += group.count }
    truncated += group.truncated
    unknownShare += group.unknownShare
    counts[column] += group.count
    confidences[column] += group.confidence
    sure[column] += group.sure
    var mean: Alignment.Mean?
    if let bin = group.bin, histogram.indices.contains(bin) {
      histogram[bin] += group.count
      let found = Alignment.Mean(count: group.count, sum: group.similarity, squares: group.squares)
      byPredicted[column].add(found)
      overall.add(found)
      mean = found
    }
    if let truth = group.truth.map({ known($0, count: group.count) }) {
      labelled += group.count
      append(cell: slices, truth: truth, predicted: group.predicted, count: group.count)
      if let mean { append(pair: truth, column: column, mean: mean) }
    }
  }

  /// What was added up.
  func outcome(positive: String?) -> Outcome {
    var matrices: [EvaluationSlice: ConfusionMatrix] = [:]
    for cell in cells {
      for slice in cell.slices {
        matrices[slice, default: ConfusionMatrix(labels: labels)]
          .add(truth: cell.truth, predicted: cell.predicted, count: cell.count)
      }
    }
    let all = matrices[.all] ?? ConfusionMatrix(labels: labels)
    var means = Array(
      repeating: Array(repeating: Alignment.Mean(), count: labels.count), count: all.rows.count)
    for pair in pairs {
      if let row = all.rowIndex(of: pair.truth) { means[row][pair.column].add(pair.mean) }
    }
    return Outcome(
      labels: labels, posts: posts, sliceCounts: sliceCounts, withoutText: withoutText, truncated: truncated,
      meanUnknownShare: posts > 0 ? unknownShare / Double(posts) : nil, labelled: labelled,
      pooledTruths: pooled,
      shares: labels.indices.map {
        LabelShare(
          label: labels[$0], count: counts[$0],
          meanConfidence: sure[$0] > 0 ? confidences[$0] / Double(sure[$0]) : nil)
      },
      evaluation: Evaluation(labels: labels, matrices: matrices, positive: positive),
      alignment: Alignment(
        overall: overall, labels: labels, truths: all.rows, byTruth: means, byPredicted: byPredicted,
        histogram: histogram, sample: nil))
  }

  private static func slices(of group: Group) -> [EvaluationSlice] {
    if group.withoutPicture { return [.all, .withoutPicture] }
    return group.withoutText ? [.all] : [.all, .bothSides]
  }

  private mutating func index(of label: String) -> Int {
    let bytes = ByteText(label)
    if let index = column[bytes] { return index }
    column[bytes] = labels.count
    labels.append(label)
    counts.append(0)
    confidences.append(0)
    sure.append(0)
    byPredicted.append(Alignment.Mean())
    return labels.count - 1
  }

  /// The truth itself, or the common name for truths beyond the limit.
  private mutating func known(_ truth: String, count: Int) -> String {
    let bytes = ByteText(truth)
    if column[bytes] != nil || unknownTruthSet.contains(bytes) { return truth }
    if unknownTruthSet.count < Self.truthLimit {
      unknownTruthSet.insert(bytes)
      return truth
    }
    pooled += count
    return Self.furtherTruths
  }

  /// Groups come ordered, so equal cells follow each other and the list stays as short as the matrix.
  private mutating func append(cell slices: [EvaluationSlice], truth: String, predicted: String, count: Int) {
    if let last = cells.last, last.slices == slices, last.truth.hasSameBytes(as: truth),
      last.predicted.hasSameBytes(as: predicted)
    {
      cells[cells.count - 1].count += count
    } else {
      cells.append((slices, truth, predicted, count))
    }
  }

  private mutating func append(pair truth: String, column: Int, mean: Alignment.Mean) {
    if let last = pairs.last, last.column == column, last.truth.hasSameBytes(as: truth) {
      pairs[pairs.count - 1].mean.add(mean)
    } else {
      pairs.append((truth, column, mean))
    }
  }
}
