package import Bytes

/// The measures of a confusion matrix, each with its interval.
package enum ConfusionMatrixMeasures {
  /// The most labels for a bootstrap, whose draws would take too much memory.
  package static let maximumLabels = 64
  /// The fewest posts for a bootstrap: with fewer, its intervals are too narrow.
  package static let fewPosts = 30

  /// How a measure is computed.
  struct Definition {
    var name: String
    var label: ByteText = ""
    var count: (ConfusionMatrix) -> Int = { $0.total }
    /// The numerator and denominator, if the measure is a share of posts.
    var share: ((ConfusionMatrix) -> (part: Int, whole: Int))?
    var score: (ConfusionMatrix, ClassificationMetrics) -> Score
  }

  /// The measures of a slice; empty if it has no posts.
  ///
  /// `positive` is the label of the binary scores, by default the second of two. `isWhole` adds the scores of each
  /// label.
  package static func list(
    _ matrix: ConfusionMatrix, slice: String, positive: ByteText?, resampling: BootstrapOptions, isWhole: Bool
  ) -> [Measure] {
    guard matrix.total > 0 else { return [] }
    let whole = ClassificationMetrics(matrix, positive: positive)
    let definitions = definitions(whole, isWhole: isWhole)
    var measures = definitions.map { definition in
      Measure(
        name: definition.name, label: definition.label, slice: slice, score: definition.score(matrix, whole),
        count: definition.count(matrix))
    }
    guard resampling.draws > 0, matrix.rows.count <= maximumLabels else { return measures }
    guard matrix.total >= fewPosts else {
      // A share has Wilson's interval for any number of posts; a measure made of several shares has none.
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
      // If no draw changes a measure, a share still has Wilson's interval; a measure made of several shares has none.
      measures[place].interval =
        interval
        ?? definitions[place].share.map { $0(matrix) }.flatMap { .init(share: $0.part, of: $0.whole) }
    }
    return measures
  }

  /// The measures for the labels of some posts; `isWhole` adds the scores of each label.
  static func definitions(_ metrics: ClassificationMetrics, isWhole: Bool) -> [Definition] {
    definitions(binary: metrics.binary?.label) + (isWhole ? definitions(labels: metrics.labels) : [])
  }

  private static func definitions(binary: ByteText?) -> [Definition] {
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
        metrics.labels.first { $0.label == labels[place].label }?.scores
      }
    }
  }

  private static func parts(
    _ prefix: String, label: ByteText = "", count: @escaping (ConfusionMatrix) -> Int = { $0.total },
    _ scores: @escaping (ClassificationMetrics) -> PrecisionRecallF1?
  ) -> [Definition] {
    let none = Score(value: 0, undefined: 1)
    // Means over labels are not shares.
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
  /// The number of posts with a true label.
  package func support(label: ByteText) -> Int { rowIndex(of: label).map { support(row: $0) } ?? 0 }

  /// The number of posts that are predicted right.
  package var right: Int { labels.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The number of posts with one of the model's labels that are predicted right.
  fileprivate func hits(label: ByteText) -> Int { column(of: label).map { counts[$0][$0] } ?? 0 }

  /// The number of posts predicted as a label.
  fileprivate func predicted(label: ByteText) -> Int { column(of: label).map { predicted(column: $0) } ?? 0 }

  /// The index of one of the model's labels, the same for its row and its column.
  private func column(of label: ByteText) -> Int? { rowIndex(of: label).flatMap { $0 < labels.count ? $0 : nil } }
}

extension ConfusionMatrixBootstrap {
  /// The intervals of several measures in one pass over the draws.
  func intervals(of values: (ConfusionMatrix) -> [Double]) -> [Interval?] {
    let drawn = matrices.map(values)
    guard let first = drawn.first else { return [] }
    return first.indices.map { place in Self.interval(of: drawn.map { $0[place] }) }
  }
}
