/// A run's matrices and metrics, for every slice.
public struct Evaluation: Equatable, Sendable {
  /// One slice's counts and what they say.
  public struct Part: Equatable, Sendable {
    /// Which posts.
    public var slice: EvaluationSlice
    /// How often each truth met each prediction.
    public var matrix: ConfusionMatrix
    /// The numbers.
    public var metrics: ClassificationMetrics
  }

  /// The slices, in the order of `EvaluationSlice`.
  public var parts: [Part]

  /// Computes the metrics of every slice; a slice without a matrix is empty.
  public init(
    labels: [String], matrices: [EvaluationSlice: ConfusionMatrix], positive: String? = nil
  ) {
    parts = EvaluationSlice.allCases.map { slice in
      let matrix = matrices[slice] ?? ConfusionMatrix(labels: labels)
      return Part(
        slice: slice, matrix: matrix, metrics: ClassificationMetrics(matrix, positive: positive))
    }
  }

  /// One slice's part.
  public subscript(slice: EvaluationSlice) -> Part? { parts.first { $0.slice == slice } }
}
