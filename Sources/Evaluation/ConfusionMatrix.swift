/// How often each true label met each predicted label.
///
/// The columns are the model's labels in the model's order. The rows are the same labels, then every truth the
/// model does not know, in the order they came: such a post can only be wrong, and it must not vanish.
/// Labels are compared by their bytes: "é" in one code point is not "é" in two.
package struct ConfusionMatrix: Equatable, Sendable {
  /// The model's labels, in its order; the columns, and the first rows.
  package let labels: [String]
  /// True labels that the model does not know; the rows after the model's own.
  package private(set) var unknownTruths: [String] = []
  /// `counts[row][column]`: posts of truth `rows[row]` that were predicted as `labels[column]`.
  package private(set) var counts: [[Int]]

  private var columnOfLabel: [[UInt8]: Int] = [:]
  private var rowOfLabel: [[UInt8]: Int] = [:]

  /// Creates an empty matrix over a model's labels; a name that occurs twice keeps its first place.
  package init(labels: [String]) {
    var distinct: [String] = []
    for label in labels where columnOfLabel[Array(label.utf8)] == nil {
      columnOfLabel[Array(label.utf8)] = distinct.count
      distinct.append(label)
    }
    self.labels = distinct
    rowOfLabel = columnOfLabel
    counts = Array(repeating: Array(repeating: 0, count: distinct.count), count: distinct.count)
  }

  /// Every row's label: the model's, then the unknown ones.
  package var rows: [String] { labels + unknownTruths }

  /// The number of posts counted.
  package var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Counts posts of one truth and one prediction.
  ///
  /// - Returns: Whether the prediction is one of the model's labels; if not, nothing is counted.
  @discardableResult
  package mutating func add(truth: String, predicted: String, count: Int = 1) -> Bool {
    guard let column = columnOfLabel[Array(predicted.utf8)] else { return false }
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

  /// The row of a label, compared by bytes.
  package func rowIndex(of label: String) -> Int? { rowOfLabel[Array(label.utf8)] }

  private mutating func row(of truth: String) -> Int {
    let bytes = Array(truth.utf8)
    if let row = rowOfLabel[bytes] { return row }
    rowOfLabel[bytes] = counts.count
    unknownTruths.append(truth)
    counts.append(Array(repeating: 0, count: labels.count))
    return counts.count - 1
  }
}

extension ConfusionMatrix {
  /// The plain mean of the recalls of the labels that occur as truth.
  ///
  /// As scikit-learn's `balanced_accuracy_score`.
  package var balancedAccuracy: Score {
    let recalls = rows.indices.filter { support(row: $0) > 0 }.map { row in
      Score(row < labels.count ? counts[row][row] : 0, of: support(row: row))
    }
    guard !recalls.isEmpty else { return Score(value: 0, undefined: 1) }
    return Score(value: recalls.reduce(0) { $0 + $1.value } / Double(recalls.count))
  }

  /// Matthews' correlation of truth and prediction, of any number of labels (Gorodkin 2004); from −1 to 1, 0 where
  /// either never changes.
  ///
  /// As scikit-learn's `matthews_corrcoef`.
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
