package import Bytes

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
    labels: [ByteText], matrices: [EvaluationSlice: ConfusionMatrix], positive: ByteText? = nil
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
