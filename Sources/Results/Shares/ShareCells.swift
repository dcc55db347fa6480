import Bytes
import Evaluation

/// Sums over the posts of one slice of a run, from which the shares of all labels are estimated.
///
/// A cell has the posts of one stratum with one predicted label.
struct ShareCells {
  private struct Place: Hashable {
    var stratum: Int
    var predicted: Int
  }

  /// The posts of a cell.
  fileprivate struct Cell {
    var posts = 0
    /// For each of the model's labels, the sums of its probabilities and of their squares.
    var sums: [Double]
    var squares: [Double]
    /// The true labels of the labelled posts, as numbers.
    var truths: [Int] = []
    /// The probabilities of the labelled posts, posts × labels.
    var probabilities: [Double] = []

    init(labels: Int) { (sums, squares) = (.init(repeating: 0, count: labels), .init(repeating: 0, count: labels)) }
  }

  private let labels: Int
  private var cells: [Place: Cell] = [:]
  /// The number of posts.
  private(set) var posts = 0
  /// The number of labelled posts.
  private(set) var labelled = 0

  /// - Parameter labels: the number of the model's labels.
  init(labels: Int) { self.labels = labels }

  /// Counts a post.
  ///
  /// - Parameters:
  ///   - stratum: the index of its stratum.
  ///   - predicted: its predicted label's number.
  ///   - truth: its true label's number; nil if it has none, or if it does not belong to the sample.
  ///   - probabilities: one for each of the model's labels; NaN if they are unknown, then the predicted label counts as
  ///     certain.
  mutating func add(stratum: Int, predicted: Int, truth: Int?, probabilities: [Double]) {
    let place = Place(stratum: stratum, predicted: predicted)
    let isKnown = !(probabilities.first?.isNaN ?? true)
    cells[place, default: Cell(labels: labels)].count(truth) { label in
      isKnown ? probabilities[label] : (label == predicted ? 1 : 0)
    }
    posts += 1
    if truth != nil { labelled += 1 }
  }

  /// The posts as a sample for one label: the strata of the design, in their order.
  func sample(label: Int) -> LabelledSample { LabelledSample(joined(label: label, by: \.stratum)) }

  /// The posts as a sample for one label whose strata are the predicted labels.
  func sampleByPrediction(label: Int) -> LabelledSample { LabelledSample(joined(label: label, by: \.predicted)) }

  private func joined(label: Int, by place: (Place) -> Int) -> [LabelledSample.Stratum] {
    var strata: [Int: LabelledSample.Stratum] = [:]
    for (key, cell) in cells.sorted(by: { ($0.key.stratum, $0.key.predicted) < ($1.key.stratum, $1.key.predicted) }) {
      let part = cell.stratum(label: label, of: labels)
      if strata[place(key)]?.join(part) == nil { strata[place(key)] = part }
    }
    return strata.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The number of posts predicted as each label.
  var predicted: [Int] {
    (0..<labels).map { label in cells.reduce(0) { $0 + ($1.key.predicted == label ? $1.value.posts : 0) } }
  }

  /// The labelled posts by true and predicted label, each weighted by one over the share of its stratum that is
  /// labelled, so that the weights add up to the number of labelled posts. Labels that the model does not know are left
  /// out.
  var confusion: [[Double]] {
    var result = [[Double]](repeating: .init(repeating: 0, count: labels), count: labels)
    var populations: [Int: Int] = [:], counts: [Int: Int] = [:]
    for (place, cell) in cells {
      populations[place.stratum, default: 0] += cell.posts
      counts[place.stratum, default: 0] += cell.truths.count
    }
    let covered = populations.reduce(0) { $0 + (counts[$1.key] == 0 ? 0 : $1.value) }
    for (place, cell) in cells where place.predicted < labels && !cell.truths.isEmpty {
      let drawn = Double(counts[place.stratum] ?? 1), all = Double(populations[place.stratum] ?? 1)
      let weight = all / drawn * Double(labelled) / Double(max(1, covered))
      for truth in cell.truths where truth < labels { result[truth][place.predicted] += weight }
    }
    return result
  }
}

extension ShareCells.Cell {
  /// Counts a post with these values.
  fileprivate mutating func count(_ truth: Int?, _ value: (Int) -> Double) {
    posts += 1
    for label in sums.indices {
      let value = value(label)
      sums[label] += value
      squares[label] += value * value
      if truth != nil { probabilities.append(value) }
    }
    if let truth { truths.append(truth) }
  }

  /// The cell as a stratum for one label; for a label that the model does not know, every predicted value is 0.
  fileprivate func stratum(label: Int, of labels: Int) -> LabelledSample.Stratum {
    let isKnown = label < labels
    var stratum = LabelledSample.Stratum(
      population: posts, sum: isKnown ? sums[label] : 0, squares: isKnown ? squares[label] : 0)
    for (post, truth) in truths.enumerated() {
      stratum.label(
        truth: truth == label ? 1 : 0, prediction: isKnown ? probabilities[post * labels + label] : 0)
    }
    return stratum
  }
}
