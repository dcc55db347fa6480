package import Bytes
import Evaluation

/// How often a label was predicted, and with what confidence.
package struct LabelShare: Equatable, Sendable {
  package var label: ByteText
  /// The number of posts predicted as the label.
  package var count: Int
  /// The mean confidence; nil if no confidence is known.
  package var meanConfidence: Double?
}

/// Sums up groups of predictions into an outcome.
struct OutcomeTally {
  /// Predictions that share slice, label, truth and bin.
  struct Group {
    var withoutPicture: Bool
    var withoutText: Bool
    var predicted: ByteText
    var truth: ByteText?
    var bin: Int?
    var count: Int
    var confidence: Double
    /// The number of posts with a known confidence.
    var sure: Int
    var similarity: Double
    var squares: Double
    var truncated: Int
    var unknownShare: Double
  }

  /// The most true labels unknown to the model that get a row of their own.
  static let truthLimit = 100

  /// The name of the row for the rest of them.
  static let furtherTruths: ByteText = "further labels"

  private(set) var labels: [ByteText]
  private var column: [ByteText: Int] = [:]
  private var unknownTruthSet: Set<ByteText> = []
  /// Counts by slice, truth and prediction, collected before all labels are known.
  private var cells: [(slices: [EvaluationSlice], truth: ByteText, predicted: ByteText, count: Int)] = []
  private var counts: [Int]
  private var confidences: [Double]
  private var sure: [Int]
  private var byPredicted: [Alignment.Mean]
  private var pairs: [(truth: ByteText, column: Int, mean: Alignment.Mean)] = []
  private var overall = Alignment.Mean()
  private var histogram = Array(repeating: 0, count: Alignment.bins)
  private var sliceCounts: [EvaluationSlice: Int] = [:]
  private var posts = 0
  private var withoutText = 0
  private var truncated = 0
  private var unknownShare = 0.0
  private var labelled = 0
  private var pooled = 0

  init(labels: [ByteText]) {
    self.labels = []
    counts = []
    confidences = []
    sure = []
    byPredicted = []
    for label in labels { _ = index(of: label) }
  }

  mutating func add(_ group: Group) {
    // Beyond the limit the caller rejects the store, so nothing more is kept.
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

  /// The sums as an outcome.
  func outcome(positive: ByteText?) -> Outcome {
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

  private mutating func index(of label: ByteText) -> Int {
    if let index = column[label] { return index }
    column[label] = labels.count
    labels.append(label)
    counts.append(0)
    confidences.append(0)
    sure.append(0)
    byPredicted.append(Alignment.Mean())
    return labels.count - 1
  }

  /// The truth, or the name of the shared row beyond the limit.
  private mutating func known(_ truth: ByteText, count: Int) -> ByteText {
    if column[truth] != nil || unknownTruthSet.contains(truth) { return truth }
    if unknownTruthSet.count < Self.truthLimit {
      unknownTruthSet.insert(truth)
      return truth
    }
    pooled += count
    return Self.furtherTruths
  }

  /// Groups arrive sorted, so equal cells follow each other and the list stays as short as the matrix.
  private mutating func append(cell slices: [EvaluationSlice], truth: ByteText, predicted: ByteText, count: Int) {
    if let last = cells.last, (last.slices, last.truth, last.predicted) == (slices, truth, predicted) {
      cells[cells.count - 1].count += count
    } else {
      cells.append((slices, truth, predicted, count))
    }
  }

  private mutating func append(pair truth: ByteText, column: Int, mean: Alignment.Mean) {
    if let last = pairs.last, last.column == column, last.truth == truth {
      pairs[pairs.count - 1].mean.add(mean)
    } else {
      pairs.append((truth, column, mean))
    }
  }
}

/// Sums up posts by slice, labels and bin of similarity.
struct OutcomeAggregator {
  /// The properties that posts are grouped by.
  private struct Key: Hashable {
    var isAlone: Bool
    var isMute: Bool
    var predicted: Int
    /// −1 if the truth is unknown.
    var truth: Int
    /// −1 without a similarity.
    var bin: Int
  }

  private struct Sums {
    var count = 0
    var confidence = 0.0
    var sure = 0
    var similarity = 0.0
    var squares = 0.0
    var truncated = 0
    var unknownShare = 0.0

    mutating func add(_ post: Post, _ similarity: Double) {
      count += 1
      if let known = post.confidence {
        confidence += known
        sure += 1
      }
      self.similarity += similarity
      squares += similarity * similarity
      truncated += post.isTruncated ? 1 : 0
      unknownShare += post.unknownShare
    }
  }

  /// The facts of one post that are counted.
  struct Post {
    var isAlone: Bool
    var isMute: Bool
    var predicted: Int
    var truth: Int?
    /// Nil if the run's system gave none.
    var confidence: Double?
    var similarity: Double?
    var isTruncated: Bool
    var unknownShare: Double
  }

  private var groups: [Key: Sums] = [:]

  mutating func add(_ post: Post) {
    let similarity = post.similarity.map { max(-1, min(1, $0)) }
    let bin = similarity.map { min(Alignment.bins - 1, Int(($0 + 1) * Double(Alignment.bins) / 2)) }
    let key = Key(
      isAlone: post.isAlone, isMute: post.isMute, predicted: post.predicted, truth: post.truth ?? -1, bin: bin ?? -1)
    groups[key, default: Sums()].add(post, similarity ?? 0)
  }

  /// The outcome; `names` has the label of each number.
  ///
  /// - Throws: `ResultsError.tooManyLabels`, or `noSuchLabel` if the positive label does not occur.
  func outcome(model: [ByteText], names: [ByteText], positive: ByteText?) throws -> Outcome {
    var tally = OutcomeTally(labels: model)
    // `OutcomeTally` needs sorted groups; the order of the labels' bytes does not depend on the order of the posts.
    let order = names.indices.sorted { names[$0] < names[$1] }
    var places = Array(repeating: 0, count: names.count)
    for (place, code) in order.enumerated() { places[code] = place }
    func rank(_ key: Key) -> (Int, Int, Int, Int) {
      (
        (key.isAlone ? 2 : 0) + (key.isMute ? 1 : 0), places[key.predicted], key.truth < 0 ? -1 : places[key.truth],
        key.bin
      )
    }
    for (key, sums) in groups.sorted(by: { rank($0.key) < rank($1.key) }) {
      tally.add(
        OutcomeTally.Group(
          withoutPicture: key.isAlone, withoutText: key.isMute, predicted: names[key.predicted],
          truth: key.truth < 0 ? nil : names[key.truth], bin: key.bin < 0 ? nil : key.bin, count: sums.count,
          confidence: sums.confidence, sure: sums.sure, similarity: sums.similarity,
          squares: sums.squares, truncated: sums.truncated,
          unknownShare: sums.unknownShare))
    }
    guard tally.labels.count <= ReportData.labelLimit else {
      throw ResultsError.tooManyLabels(tally.labels.count, limit: ReportData.labelLimit)
    }
    let outcome = tally.outcome(positive: positive)
    if let positive, outcome.labelled > 0, outcome.evaluation[.all]?.matrix.rowIndex(of: positive) == nil {
      throw ResultsError.noSuchLabel(
        positive.text, known: outcome.evaluation[.all]?.matrix.rows.map(\.text) ?? [])
    }
    return outcome
  }
}
