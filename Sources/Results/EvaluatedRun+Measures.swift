package import Bytes
package import Evaluation

extension EvaluatedRun {
  /// All that can be said of the run's posts, slice by slice. Values of a column have no label's own scores, and no
  /// intervals but for what their confusion matrix says.
  ///
  /// - Parameters:
  ///   - positive: the label that binary scores are about; nil for the last of two.
  ///   - resampling: how the intervals are drawn.
  /// - Returns: the measures, those of the whole first.
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
