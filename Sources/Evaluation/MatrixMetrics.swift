extension ConfusionMatrix {
  /// The plain mean of the recalls of the labels that occur as truth.
  ///
  /// As scikit-learn's `balanced_accuracy_score`.
  public var balancedAccuracy: Score {
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
  public var matthewsCorrelation: Score {
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
