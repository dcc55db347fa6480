import Bytes

/// Settings of a grid side by side, each tried with several seeds on the same posts.
public struct AblationTable: Equatable, Sendable {
  /// What one run, a setting with a seed, made of the posts.
  public struct Run: Sendable {
    /// The seed.
    public var seed: UInt64
    /// The label of each post.
    public var predicted: [String]

    /// A run's predictions in the order of the posts.
    public init(seed: UInt64, predicted: [String]) { (self.seed, self.predicted) = (seed, predicted) }
  }

  /// One setting.
  public struct Row: Equatable, Sendable {
    /// The setting's values, one for each of the table's keys.
    public var values: [String]
    /// The share of posts that are right, over the seeds.
    public var accuracy: Spread
    /// The plain mean of the labels' F1, over the seeds.
    public var macroF1: Spread
    /// The mean of the labels' F1 by their posts, over the seeds.
    public var weightedF1: Spread
    /// Its macro-F1 less its baseline's; nil for a baseline.
    public var comparison: PairedBootstrap?
  }

  /// What the settings differ by, in the grid's order.
  public let keys: [String]
  /// The settings, in the grid's order.
  public let rows: [Row]
  /// What they are compared with, in words.
  public let baseline: String
  /// How many posts there are.
  public let posts: Int

  /// Computes the numbers.
  ///
  /// - Parameters:
  ///   - keys: what the settings differ by.
  ///   - settings: each setting's values and runs; the n-th runs of all settings have the same seed.
  ///   - truths: each post's label.
  ///   - labels: the model's labels.
  ///   - baseline: what they are compared with, in words.
  ///   - baselines: for each setting, the place of the one that it is compared with; its own for a baseline.
  ///   - draws: how often posts are drawn anew for an interval.
  public init(
    keys: [String], settings: [(values: [String], runs: [Run])], truths: [String], labels: [String], baseline: String,
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
        values: setting.values, accuracy: Spread(metrics.map(\.accuracy.value)),
        macroF1: Spread(metrics.map(\.macro.f1.value)), weightedF1: Spread(metrics.map(\.weighted.f1.value)),
        comparison: place == baselines[place]
          ? nil
          : PairedBootstrap(
            truths: truthNumbers, first: predicted[baselines[place]], second: predicted[place], labels: numbers.count,
            draws: draws))
    }
  }

  /// A row's setting in words: `alpha=0 aggregation=concat`.
  public func name(of row: Int) -> String {
    zip(keys, rows[row].values).map { "\($0)=\($1)" }.joined(separator: " ")
  }
}

/// Labels by number: the model's, then truths that it does not know.
private struct LabelNumbers {
  private var numbers: [ByteText: Int] = [:]

  init(_ labels: [String]) {
    for label in labels { _ = number(of: label) }
  }

  var count: Int { numbers.count }

  mutating func number(of label: String) -> Int {
    let key = ByteText(label)
    if let number = numbers[key] { return number }
    numbers[key] = numbers.count
    return numbers.count - 1
  }
}
