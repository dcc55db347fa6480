package import Bytes
package import Evaluation

extension EvaluatedRun {
  /// The measures of every slice. Slices of a column have no scores for single labels, and only the measures of their
  /// confusion matrix have intervals.
  ///
  /// - Parameters:
  ///   - positive: the label of the binary scores; nil for the second of two.
  ///   - resampling: the settings of the bootstrap.
  /// - Returns: the measures, those of all posts first.
  package func measures(positive: ByteText?, resampling: BootstrapOptions) -> [Measure] {
    func ofMatrix(_ slice: Slice, isWhole: Bool) -> [Measure] {
      ConfusionMatrixMeasures.list(
        posts.matrix(slice.posts), slice: slice.name, positive: positive, resampling: resampling, isWhole: isWhole)
    }
    func ofProbabilities(_ slice: Slice, _ resampling: BootstrapOptions) -> [Measure] {
      ProbabilityMeasures.list(posts, slice.posts, slice: slice.name, resampling: resampling)
    }
    return slices.flatMap { ofMatrix($0, isWhole: true) + ofProbabilities($0, resampling) }
      + byColumn.flatMap { ofMatrix($0, isWhole: false) + ofProbabilities($0, BootstrapOptions(draws: 0)) }
  }
}
