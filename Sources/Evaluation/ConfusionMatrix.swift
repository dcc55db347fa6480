package import Bytes

/// The number of posts for each pair of true and predicted label.
///
/// The columns are the model's labels in the model's order. The rows are the same labels, then every truth that the
/// model does not know, in order of appearance: those posts are always wrong, and they must be counted.
package struct ConfusionMatrix: Equatable, Sendable {
  /// The model's labels, in its order; the columns, and the first rows.
  package let labels: [ByteText]
  /// True labels that the model does not know; the rows after the model's own.
  package private(set) var unknownTruths: [ByteText] = []
  /// `counts[row][column]`: the number of posts with truth `rows[row]` that were predicted as `labels[column]`.
  package private(set) var counts: [[Int]]

  private var columnOfLabel: [ByteText: Int] = [:]
  private var rowOfLabel: [ByteText: Int] = [:]

  /// Creates an empty matrix over a model's labels; a repeated name is used once.
  package init(labels: [ByteText]) {
    var distinct: [ByteText] = []
    for label in labels where columnOfLabel[label] == nil {
      columnOfLabel[label] = distinct.count
      distinct.append(label)
    }
    self.labels = distinct
    rowOfLabel = columnOfLabel
    counts = Array(repeating: Array(repeating: 0, count: distinct.count), count: distinct.count)
  }

  /// Every row's label: the model's, then the unknown ones.
  package var rows: [ByteText] { labels + unknownTruths }

  /// The number of posts counted.
  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Counts `count` posts with one truth and one prediction.
  ///
  /// - Returns: Whether the prediction is one of the model's labels; if not, nothing is counted.
  @discardableResult
  package mutating func add(truth: ByteText, predicted: ByteText, count: Int = 1) -> Bool {
    guard let column = columnOfLabel[predicted] else { return false }
    counts[row(of: truth)][column] += count
    return true
  }

  /// Adds another matrix's counts, label by label.
  package mutating func add(_ other: ConfusionMatrix) {
    for (truth, row) in zip(other.rows, other.counts) {
      for (predicted, count) in zip(other.labels, row) where count > 0 {
        add(truth: truth, predicted: predicted, count: count)
      }
    }
  }

  /// The number of posts whose truth is the row's label.
  package func support(row: Int) -> Int { counts[row].reduce(0, +) }

  /// The number of posts predicted as the column's label.
  package func predicted(column: Int) -> Int { counts.reduce(0) { $0 + $1[column] } }

  /// The row of a label; nil without one.
  package func rowIndex(of label: ByteText) -> Int? { rowOfLabel[label] }

  private mutating func row(of truth: ByteText) -> Int {
    if let row = rowOfLabel[truth] { return row }
    rowOfLabel[truth] = counts.count
    unknownTruths.append(truth)
    counts.append(Array(repeating: 0, count: labels.count))
    return counts.count - 1
  }
}

extension ConfusionMatrix {
  /// The mean recall of the labels that occur as truth.
  ///
  /// Equals scikit-learn's `balanced_accuracy_score`.
  package var balancedAccuracy: Score {
    let recalls = rows.indices.filter { support(row: $0) > 0 }.map { row in
      Score(row < labels.count ? counts[row][row] : 0, of: support(row: row))
    }
    guard !recalls.isEmpty else { return Score(value: 0, undefined: 1) }
    return Score(value: recalls.reduce(0) { $0 + $1.value } / Double(recalls.count))
  }

  /// The Matthews correlation of truth and prediction for any number of labels (Gorodkin 2004), from −1 to 1; 0 if all
  /// truths or all predictions are the same.
  ///
  /// Equals scikit-learn's `matthews_corrcoef`.
  package var matthewsCorrelation: Score {
    let n = Double(total)
    var right = 0.0, both = 0.0, truths = 0.0, predictions = 0.0
    for row in rows.indices {
      let truth = Double(support(row: row))
      truths += truth * truth
      guard row < labels.count else { continue }
      let predicted = Double(predicted(column: row))
      right += Double(counts[row][row])
      both += truth * predicted
      predictions += predicted * predicted
    }
    let spread = ((n * n - truths) * (n * n - predictions)).squareRoot()
    guard spread > 0 else { return Score(value: 0, undefined: 1) }
    return Score(value: (right * n - both) / spread)
  }
}
