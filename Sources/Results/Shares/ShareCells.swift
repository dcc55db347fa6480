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
    /// The numbers of all posts, for each of the model's labels; empty if no column of numbers is read.
    var means: [LabelledMean.Stratum] = []
    /// The numbers of the labelled posts.
    var numbers: [Double?] = []
    /// The sum of all posts' numbers, and how many have one.
    var numberSum = 0.0
    var numbered = 0

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
  ///   - number: its number; nil if no column of numbers is read.
  mutating func add(
    stratum: Int, predicted: Int, truth: Int?, probabilities: [Double], number: ColumnNumber? = nil
  ) {
    let place = Place(stratum: stratum, predicted: predicted)
    let isKnown = !(probabilities.first?.isNaN ?? true)
    cells[place, default: Cell(labels: labels)].count(truth, number) { label in
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
    for (key, cell) in sortedCells {
      let part = cell.stratum(label: label, of: labels)
      if strata[place(key)]?.join(part) == nil { strata[place(key)] = part }
    }
    return strata.sorted { $0.key < $1.key }.map(\.value)
  }

  /// The posts as a sample for the mean number of one label's posts, with the strata of the design.
  func meanSample(label: Int) -> LabelledMean {
    var strata: [Int: LabelledMean.Stratum] = [:]
    for (key, cell) in sortedCells {
      strata[key.stratum, default: LabelledMean.Stratum()].join(cell.meanStratum(label: label, of: labels))
    }
    return LabelledMean(strata.sorted { $0.key < $1.key }.map(\.value))
  }

  /// The sum of the numbers of the posts predicted as a label, or of all posts, and how many have one.
  func numbers(predicted label: Int? = nil) -> (sum: Double, posts: Int) {
    sortedCells.filter { label == nil || $0.key.predicted == label }.reduce((0, 0)) {
      ($0.0 + $1.value.numberSum, $0.1 + $1.value.numbered)
    }
  }

  /// The cells in an order that does not depend on the posts'.
  private var sortedCells: [(key: Place, value: Cell)] {
    cells.sorted { ($0.key.stratum, $0.key.predicted) < ($1.key.stratum, $1.key.predicted) }
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
  fileprivate mutating func count(_ truth: Int?, _ number: ColumnNumber?, _ value: (Int) -> Double) {
    posts += 1
    if let number { count(number, isLabelled: truth != nil, value) }
    for label in sums.indices {
      let value = value(label)
      sums[label] += value
      squares[label] += value * value
      if truth != nil { probabilities.append(value) }
    }
    if let truth { truths.append(truth) }
  }

  /// Counts the number of a post.
  private mutating func count(_ number: ColumnNumber, isLabelled: Bool, _ value: (Int) -> Double) {
    if means.isEmpty { means = .init(repeating: LabelledMean.Stratum(), count: sums.count) }
    for label in means.indices { means[label].add(prediction: value(label), number: number.value) }
    if isLabelled { numbers.append(number.value) }
    guard let value = number.value else { return }
    numberSum += value
    numbered += 1
  }

  /// The cell as a stratum for the mean number of one label's posts.
  fileprivate func meanStratum(label: Int, of labels: Int) -> LabelledMean.Stratum {
    var stratum = label < labels ? means[label] : LabelledMean.Stratum(population: posts)
    for (post, truth) in truths.enumerated() {
      stratum.label(
        truth: truth == label ? 1 : 0, prediction: label < labels ? probabilities[post * labels + label] : 0,
        number: numbers[post])
    }
    return stratum
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
