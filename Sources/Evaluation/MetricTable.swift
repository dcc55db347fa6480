/// An evaluation as rows: one metric of one slice each, every metric by its full name.
///
/// `metric` is a stable name for machines: `accuracy`, `binary_f1`, `macro_precision`, `weighted_recall`, and
/// `precision`, `recall`, `f1` of one label. `label` names the positive label or the label in question, and is
/// empty elsewhere. `n` is the number of posts under the value; `undefined` counts the ratios that were 0/0.
public struct MetricTable: Equatable, Sendable {
  /// One metric of one slice.
  public struct Row: Equatable, Sendable {
    /// The metric's name.
    public var metric: String
    /// The label it belongs to, or an empty string.
    public var label: String
    /// The posts it is about.
    public var slice: EvaluationSlice
    /// The value.
    public var score: Score
    /// The number of posts under it.
    public var count: Int
  }

  /// The columns' names.
  public static let columns = ["metric", "label", "slice", "value", "n", "undefined"]

  /// The rows, slice by slice. A slice without posts has none.
  public var rows: [Row]

  /// Lists an evaluation's metrics.
  public init(_ evaluation: Evaluation) {
    rows = evaluation.parts.flatMap { part in part.metrics.total > 0 ? Self.rows(of: part) : [] }
  }

  private static func rows(of part: Evaluation.Part) -> [Row] {
    let metrics = part.metrics
    var rows = [
      Row(metric: "accuracy", label: "", slice: part.slice, score: metrics.accuracy, count: metrics.total)
    ]
    func add(_ prefix: String, _ scores: PrecisionRecallF1, label: String, count: Int) {
      for (name, score) in [("precision", scores.precision), ("recall", scores.recall), ("f1", scores.f1)] {
        rows.append(
          Row(metric: prefix + name, label: label, slice: part.slice, score: score, count: count))
      }
    }
    if let binary = metrics.binary {
      add("binary_", binary.scores, label: binary.label, count: metrics.total)
    }
    add("macro_", metrics.macro, label: "", count: metrics.total)
    add("weighted_", metrics.weighted, label: "", count: metrics.total)
    for label in metrics.labels {
      add("", label.scores, label: label.label, count: label.support)
    }
    return rows
  }
}
