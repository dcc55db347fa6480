package import Bytes

/// A run's confusion matrix and metrics for every slice.
package struct Evaluation: Equatable, Sendable {
  /// One slice's counts and metrics.
  package struct Part: Equatable, Sendable {
    package var slice: EvaluationSlice
    package var matrix: ConfusionMatrix
    package var metrics: ClassificationMetrics
  }

  /// The slices, in the order of `EvaluationSlice`.
  package var parts: [Part]

  /// Computes the metrics of every slice; a slice without a matrix is empty.
  package init(
    labels: [ByteText], matrices: [EvaluationSlice: ConfusionMatrix], positive: ByteText? = nil
  ) {
    parts = EvaluationSlice.allCases.map { slice in
      let matrix = matrices[slice] ?? ConfusionMatrix(labels: labels)
      return Part(
        slice: slice, matrix: matrix, metrics: ClassificationMetrics(matrix, positive: positive))
    }
  }

  /// The part of a slice.
  package subscript(slice: EvaluationSlice) -> Part? { parts.first { $0.slice == slice } }
}

/// Posts of a run that are evaluated separately, since a post without a picture is a different task.
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
