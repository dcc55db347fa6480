internal import Models
package import Tensors

/// The time of a training, measured on a few of its own posts.
package struct TimeEstimate: Sendable, Equatable {
  /// Seconds of forward and backward pass for one post.
  package var perPost: Double
  /// Seconds of the forward pass alone.
  package var perScoredPost: Double

  package init(perPost: Double, perScoredPost: Double) {
    (self.perPost, self.perScoredPost) = (perPost, perScoredPost)
  }

  /// The seconds of a run: the steps, and the validation before the first and after each epoch.
  package func seconds(posts: Int, validation: Int, epochs: Int) -> Double {
    Double(posts * epochs) * perPost + Double(validation * (epochs + 1)) * perScoredPost
  }

  /// The posts that are measured.
  private static let posts = 8

  /// Measures a training of everything, encoders included: three passes of a few posts, of which the first only warms
  /// up. It takes some seconds and as much memory as the training without its optimiser.
  ///
  /// - Parameters:
  ///   - inputs: the model before training, and the posts.
  ///   - threads: the threads of the training.
  ///   - clock: the time in seconds.
  /// - Returns: the estimate.
  /// - Throws: `TensorError` if a product cannot be computed.
  package static func ofFineTuning(
    _ inputs: TrainerInputs, threads: Int, clock: () -> Double
  ) throws(TensorError) -> TimeEstimate {
    let model = try TrainableModel(inputs.start.configuration, objective: Objective(), threads: threads)
    let set = inputs.training, count = min(posts, set.count)
    // Posts from all over the corpus: their lengths differ.
    let batch = (0..<count).map { EncodedExample(set[$0 * set.count / count], inputs.start.configuration) }
    _ = try model.learn(batch)
    let first = clock()
    _ = try model.learn(batch)
    let second = clock()
    _ = try model.predict(batch.map(\.input))
    let third = clock()
    return TimeEstimate(perPost: (second - first) / Double(count), perScoredPost: (third - second) / Double(count))
  }
}
