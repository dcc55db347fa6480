/// The measures of a confusion matrix as a list, each with its interval.
package enum ConfusionMatrixMeasures {
  /// With more labels the draws of a bootstrap take too much memory.
  package static let maximumLabels = 64
  /// Of fewer posts a bootstrap draws the same few again and again: of one post it never leaves the number.
  package static let fewPosts = 30

  private struct Definition {
    var name: String
    var label = ""
    var count: (ConfusionMatrix) -> Int = { $0.total }
    /// Its posts that count, of all that could, where it is a share of posts.
    var share: ((ConfusionMatrix) -> (part: Int, whole: Int))?
    var score: (ConfusionMatrix, ClassificationMetrics) -> Score
  }

  /// The measures of a slice; none of an empty one.
  ///
  /// `positive` is the label that binary scores are about, the last of two where it is left out; `isWhole` says whether
  /// each label's own scores are wanted, too.
  package static func list(
    _ matrix: ConfusionMatrix, slice: String, positive: String?, resampling: BootstrapOptions, isWhole: Bool
  ) -> [Measure] {
    guard matrix.total > 0 else { return [] }
    let whole = ClassificationMetrics(matrix, positive: positive)
    var definitions = Self.definitions(binary: whole.binary?.label)
    if isWhole { definitions += Self.definitions(labels: whole.labels) }
    var measures = definitions.map { definition in
      Measure(
        name: definition.name, label: definition.label, slice: slice, score: definition.score(matrix, whole),
        count: definition.count(matrix))
    }
    guard resampling.draws > 0, matrix.rows.count <= maximumLabels else { return measures }
    guard matrix.total >= fewPosts else {
      // A share has an interval of any number of posts, what is made of several shares has none.
      for place in measures.indices where measures[place].name == "accuracy" {
        measures[place].interval = ConfusionMatrixBootstrap.Interval(share: matrix.right, of: matrix.total)
      }
      return measures
    }
    let bootstrap = ConfusionMatrixBootstrap(matrix, draws: resampling.draws, seed: resampling.seed)
    let intervals = bootstrap.intervals { drawn in
      let metrics = ClassificationMetrics(drawn, positive: positive)
      return definitions.map { $0.score(drawn, metrics).value }
    }
    for (place, interval) in intervals.enumerated() {
      // Where no draw changes a number, a share still has the interval of its count, and what is made of several has none.
      measures[place].interval =
        interval
        ?? definitions[place].share.map { $0(matrix) }.flatMap { .init(share: $0.part, of: $0.whole) }
    }
    return measures
  }

  private static func definitions(binary: String?) -> [Definition] {
    var all = [
      Definition(name: "accuracy", share: { ($0.right, $0.total) }) { $1.accuracy },
      Definition(name: "balanced_accuracy") { matrix, _ in matrix.balancedAccuracy },
      Definition(name: "mcc") { matrix, _ in matrix.matthewsCorrelation },
    ]
    if let binary {
      all += parts("binary_", label: binary) { $0.binary?.scores }
    }
    return all + parts("macro_") { $0.macro } + parts("weighted_") { $0.weighted }
  }

  private static func definitions(labels: [LabelMetrics]) -> [Definition] {
    labels.indices.flatMap { place in
      parts("", label: labels[place].label, count: { $0.support(label: labels[place].label) }) { metrics in
        metrics.labels.first { $0.label.utf8.elementsEqual(labels[place].label.utf8) }?.scores
      }
    }
  }

  private static func parts(
    _ prefix: String, label: String = "", count: @escaping (ConfusionMatrix) -> Int = { $0.total },
    _ scores: @escaping (ClassificationMetrics) -> PrecisionRecallF1?
  ) -> [Definition] {
    let none = Score(value: 0, undefined: 1)
    // Means over labels are no shares.
    let isShare = !label.isEmpty
    return [
      Definition(
        name: prefix + "precision", label: label, count: count,
        share: isShare ? { ($0.hits(label: label), $0.predicted(label: label)) } : nil
      ) { scores($1)?.precision ?? none },
      Definition(
        name: prefix + "recall", label: label, count: count,
        share: isShare ? { ($0.hits(label: label), $0.support(label: label)) } : nil
      ) { scores($1)?.recall ?? none },
      Definition(name: prefix + "f1", label: label, count: count) { scores($1)?.f1 ?? none },
    ]
  }
}

extension ConfusionMatrix {
  /// The posts whose truth is a label.
  package func support(label: String) -> Int { rowIndex(of: label).map { support(row: $0) } ?? 0 }

  /// The posts that are predicted right.
  package var right: Int { labels.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The posts of one of the model's labels that are predicted right.
  fileprivate func hits(label: String) -> Int { column(of: label).map { counts[$0][$0] } ?? 0 }

  /// The posts that are predicted to be of a label.
  fileprivate func predicted(label: String) -> Int { column(of: label).map { predicted(column: $0) } ?? 0 }

  /// The index of one of the model's labels, the same for its row and its column.
  private func column(of label: String) -> Int? { rowIndex(of: label).flatMap { $0 < labels.count ? $0 : nil } }
}

extension ConfusionMatrixBootstrap {
  /// The intervals of several numbers that each matrix has, in one go over the draws.
  func intervals(of values: (ConfusionMatrix) -> [Double]) -> [Interval?] {
    let drawn = matrices.map(values)
    guard let first = drawn.first else { return [] }
    return first.indices.map { place in Self.interval(of: drawn.map { $0[place] }) }
  }
}
