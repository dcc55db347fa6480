/// A run's matrices and metrics, for every slice.
package struct Evaluation: Equatable, Sendable {
  /// One slice's counts and what they say.
  package struct Part: Equatable, Sendable {
    /// Which posts.
    package var slice: EvaluationSlice
    /// How often each truth met each prediction.
    package var matrix: ConfusionMatrix
    /// The numbers.
    package var metrics: ClassificationMetrics
  }

  /// The slices, in the order of `EvaluationSlice`.
  package var parts: [Part]

  /// Computes the metrics of every slice; a slice without a matrix is empty.
  package init(
    labels: [String], matrices: [EvaluationSlice: ConfusionMatrix], positive: String? = nil
  ) {
    parts = EvaluationSlice.allCases.map { slice in
      let matrix = matrices[slice] ?? ConfusionMatrix(labels: labels)
      return Part(
        slice: slice, matrix: matrix, metrics: ClassificationMetrics(matrix, positive: positive))
    }
  }

  /// One slice's part.
  package subscript(slice: EvaluationSlice) -> Part? { parts.first { $0.slice == slice } }
}

/// A part of a run's posts whose numbers are said apart: a post that lacks a side is another task.
package enum EvaluationSlice: String, Sendable, CaseIterable {
  /// Every scored post.
  case all
  /// Posts with a text and a picture.
  case bothSides = "both_sides"
  /// Posts without a picture, text only.
  case withoutPicture = "without_picture"

  /// The slice's name in a sentence.
  package var title: String {
    switch self {
    case .all: "all posts"
    case .bothSides: "with text and picture"
    case .withoutPicture: "without picture"
    }
  }
}

/// An evaluation as rows: one metric of one slice each, every metric by its full name.
///
/// `metric` is a stable name for machines: `accuracy`, `binary_f1`, `macro_precision`, `weighted_recall`, and
/// `precision`, `recall`, `f1` of one label. `label` names the positive label or the label in question, and is
/// empty elsewhere. `n` is the number of posts under the value; `undefined` counts the ratios that were 0/0.
package struct MetricTable: Equatable, Sendable {
  /// One metric of one slice.
  package struct Row: Equatable, Sendable {
    /// The metric's name.
    package var metric: String
    /// The label it belongs to, or an empty string.
    package var label: String
    /// The posts it is about.
    package var slice: EvaluationSlice
    /// The value.
    package var score: Score
    /// The number of posts under it.
    package var count: Int
  }

  /// The columns' names.
  package static let columns = ["metric", "label", "slice", "value", "n", "undefined"]

  /// The rows, slice by slice. A slice without posts has none.
  package var rows: [Row]

  /// Lists an evaluation's metrics.
  package init(_ evaluation: Evaluation) {
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
