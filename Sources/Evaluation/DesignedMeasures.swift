package import Bytes

/// The measures of a run's posts, estimated from a designed sample of them: each labelled post counts for the posts that
/// it was drawn from.
///
/// Their names are those of the labelled posts' own measures after `run_`. A share, such as a recall, has Wilson's interval
/// for its variance under the design, and any other measure that of a bootstrap.
package enum DesignedMeasures {
  /// Measures slices.
  ///
  /// - Parameters:
  ///   - posts: the labelled posts.
  ///   - sample: the sample of them.
  ///   - slices: each slice's name and posts, by index, and whether it has scores of each label and intervals of what its
  ///     probabilities say.
  ///   - positive: the label of the binary scores; nil for the second of two.
  ///   - resampling: the settings of the bootstrap.
  /// - Returns: the measures of each slice that has a post of the sample, in their order.
  /// - Complexity: O(draws · slices · posts · labels).
  package static func list(
    _ posts: LabelledPosts, _ sample: DesignedSample, slices: [(name: String, posts: [Int32], isWhole: Bool)],
    positive: ByteText?, resampling: BootstrapOptions
  ) -> [Measure] {
    let slices = slices.compactMap { slice in
      let drawn = slice.posts.filter { sample.weights[Int($0)] > 0 }
      return drawn.isEmpty ? nil : DesignedSlice(posts, drawn, name: slice.name, isWhole: slice.isWhole, positive)
    }
    var measures = slices.map { $0.measures(sample.weights) }
    guard resampling.draws > 0, posts.names.count <= ConfusionMatrixMeasures.maximumLabels else {
      return measures.flatMap(\.self)
    }
    var random = SeededGenerator(seed: resampling.seed)
    var drawn = measures.map { $0.map { _ in [Double]() } }
    for _ in 0..<resampling.draws {
      let weights = sample.weights(drawnBy: &random)
      for (place, slice) in slices.enumerated() where slice.posts.count >= ConfusionMatrixMeasures.fewPosts {
        for (number, value) in slice.resampled(weights).enumerated() where !value.isNaN {
          drawn[place][number].append(value)
        }
      }
    }
    for (place, slice) in slices.enumerated() {
      for number in measures[place].indices {
        measures[place][number].interval =
          slice.shareInterval(number, sample) ?? ConfusionMatrixBootstrap.interval(of: drawn[place][number])
      }
    }
    return measures.flatMap(\.self)
  }
}

/// The posts of a sample in one slice.
private struct DesignedSlice {
  let posts: [Int32]
  private let all: LabelledPosts
  private let name: String
  private let positive: ByteText?
  private let definitions: [ConfusionMatrixMeasures.Definition]
  private let isMember: Set<Int32>
  private let probabilities: ProbabilityScores

  /// One post, in the unit in which a matrix counts weights: it counts in whole numbers.
  private static let unit = 1e9

  init(_ all: LabelledPosts, _ posts: [Int32], name: String, isWhole: Bool, _ positive: ByteText?) {
    (self.all, self.posts, self.name, self.positive) = (all, posts, name, positive)
    isMember = Set(posts)
    definitions = ConfusionMatrixMeasures.definitions(
      ClassificationMetrics(all.matrix(posts), positive: positive), isWhole: isWhole)
    probabilities = ProbabilityScores(all, posts, hasIntervals: isWhole)
  }

  /// The measures without intervals.
  func measures(_ weights: [Double]) -> [Measure] {
    let matrix = all.matrix(posts), scores = scores(weights)
    return zip(definitions, scores).map { definition, score in
      Measure(
        name: "run_" + definition.name, label: definition.label, slice: name, score: score,
        count: definition.count(matrix))
    }
      + probabilities.measures(weights).map { measure in
        Measure(
          name: "run_" + measure.name, label: measure.label, slice: name, score: measure.score,
          count: probabilities.posts.count)
      }
  }

  /// The values of the measures with other weights, in their order; NaN for one without an interval.
  func resampled(_ weights: [Double]) -> [Double] {
    scores(weights).map(\.value) + probabilities.resampled(weights)
  }

  private func scores(_ weights: [Double]) -> [Score] {
    let matrix = all.matrix(posts) { Int((weights[Int($0)] * Self.unit).rounded()) }
    let metrics = ClassificationMetrics(matrix, positive: positive)
    return definitions.map { $0.score(matrix, metrics) }
  }

  /// The interval of a measure that is a share; nil for any other.
  func shareInterval(_ number: Int, _ sample: DesignedSample) -> ConfusionMatrixBootstrap.Interval? {
    guard definitions.indices.contains(number), let share = definitions[number].share else { return nil }
    return sample.share { share(all.matrix($0.filter(isMember.contains))) }.map { .init(low: $0.low, high: $0.high) }
  }
}
