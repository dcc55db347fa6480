package import Bytes

/// Settings of a grid side by side, each tried with several seeds on the same posts.
package struct AblationTable: Equatable, Sendable {
  /// The predictions of one run: a setting with a seed.
  package struct Run: Sendable {
    package var seed: UInt64
    /// The predicted label of each post, in the order of the truths.
    package var predicted: [ByteText]

    package init(seed: UInt64, predicted: [ByteText]) { (self.seed, self.predicted) = (seed, predicted) }
  }

  /// One setting.
  package struct Row: Equatable, Sendable {
    /// The setting's values, one for each of the table's keys.
    package var values: [String]
    /// The accuracy over the seeds.
    package var accuracy: MeanAndDeviation
    /// The macro-F1 over the seeds.
    package var macroF1: MeanAndDeviation
    /// The F1 over the seeds, labels weighted by support.
    package var weightedF1: MeanAndDeviation
    /// The setting's macro-F1 minus its baseline's; nil for a baseline.
    package var comparison: PairedBootstrap?
  }

  /// The settings that vary, in the grid's order.
  package let keys: [String]
  /// The settings, in the grid's order.
  package let rows: [Row]
  /// What the settings are compared with, in words.
  package let baseline: String
  /// The number of posts in each run.
  package let posts: Int

  /// Computes the numbers.
  ///
  /// - Parameters:
  ///   - keys: the names of the settings that vary.
  ///   - settings: each setting's values and runs; the n-th runs of all settings have the same seed.
  ///   - truths: each post's label.
  ///   - labels: the model's labels.
  ///   - baseline: what they are compared with, in words.
  ///   - baselines: for each setting, the index of the setting that it is compared with; a baseline has its own index.
  ///   - draws: the number of bootstrap draws for each interval.
  package init(
    keys: [String], settings: [(values: [String], runs: [Run])], truths: [ByteText], labels: [ByteText],
    baseline: String,
    baselines: [Int], draws: Int = PairedBootstrap.draws
  ) {
    precondition(baselines.count == settings.count, "a baseline for each setting")
    (self.keys, self.baseline, posts) = (keys, baseline, truths.count)
    var numbers = LabelNumbers(labels)
    let truthNumbers = truths.map { numbers.number(of: $0) }
    let predicted = settings.map { $0.runs.map { $0.predicted.map { numbers.number(of: $0) } } }
    rows = settings.enumerated().map { place, setting in
      let metrics = setting.runs.map { run in
        var matrix = ConfusionMatrix(labels: labels)
        for (truth, label) in zip(truths, run.predicted) { matrix.add(truth: truth, predicted: label) }
        return ClassificationMetrics(matrix)
      }
      return Row(
        values: setting.values, accuracy: MeanAndDeviation(metrics.map(\.accuracy.value)),
        macroF1: MeanAndDeviation(metrics.map(\.macro.f1.value)),
        weightedF1: MeanAndDeviation(metrics.map(\.weighted.f1.value)),
        comparison: place == baselines[place]
          ? nil
          : PairedBootstrap(
            truths: truthNumbers, first: predicted[baselines[place]], second: predicted[place], labels: numbers.count,
            draws: draws))
    }
  }

  /// A row's setting in words: `alpha=0 aggregation=concat`.
  package func name(of row: Int) -> String {
    zip(keys, rows[row].values).map { "\($0)=\($1)" }.joined(separator: " ")
  }
}

/// Numbers for labels: the model's first, then truths that the model does not know.
private struct LabelNumbers {
  private var numbers: [ByteText: Int] = [:]

  init(_ labels: [ByteText]) {
    for label in labels { _ = number(of: label) }
  }

  var count: Int { numbers.count }

  mutating func number(of label: ByteText) -> Int {
    if let number = numbers[label] { return number }
    numbers[label] = numbers.count
    return numbers.count - 1
  }
}

/// A measure over several runs that differ only by their seed.
package struct MeanAndDeviation: Equatable, Sendable {
  package let mean: Double
  /// The sample standard deviation, √(Σ(x − mean)² / (n − 1)); nil for one run.
  package let deviation: Double?
  /// The number of runs, n.
  package let count: Int

  /// Computes both; `values` must not be empty.
  package init(_ values: [Double]) {
    precondition(!values.isEmpty, "one number at least")
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count > 1
      ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot() : nil
  }
}
