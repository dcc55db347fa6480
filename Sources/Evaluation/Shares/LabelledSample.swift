/// A sample of a run's posts with a true and a predicted value each, and sums over all posts of the run.
///
/// Values are numbers from 0 to 1: a true value is 1 for a post with the label of interest and 0 for any other, a
/// predicted value is the model's probability of that label.
package struct LabelledSample: Equatable, Sendable {
  /// Posts of which each was drawn with the same probability: the whole run in a random sample, one stratum in a
  /// stratified one.
  package struct Stratum: Equatable, Sendable {
    /// The number of posts in the run.
    package private(set) var population = 0
    /// The true values of the labelled posts.
    package private(set) var truths: [Double] = []
    /// The predicted values of the same posts.
    package private(set) var predictions: [Double] = []
    private var sum = 0.0
    private var squares = 0.0

    package init() {}

    /// A stratum without labelled posts, from the number of its posts, the sum of their predicted values and the sum of
    /// the squares.
    package init(population: Int, sum: Double, squares: Double) {
      (self.population, self.sum, self.squares) = (population, sum, squares)
    }

    /// Counts a post of the run, labelled or not.
    package mutating func add(prediction: Double) {
      population += 1
      sum += prediction
      squares += prediction * prediction
    }

    /// Adds the true value of a post that was counted before.
    package mutating func label(truth: Double, prediction: Double) {
      truths.append(truth)
      predictions.append(prediction)
    }

    /// Joins another stratum to this one.
    package mutating func join(_ other: Stratum) {
      population += other.population
      sum += other.sum
      squares += other.squares
      truths += other.truths
      predictions += other.predictions
    }

    /// The number of labelled posts.
    package var labelled: Int { truths.count }
    /// The mean of the predicted values of all posts.
    var predictedMean: Double { population == 0 ? 0 : sum / Double(population) }
    /// The variance of the predicted values of all posts, divided by their number less one.
    var predictedVariance: Double { Moments.variance(sum: sum, squares: squares, count: population, freedom: 1) }
    /// 1 minus the share of posts that are labelled: what is left to be uncertain about.
    var unlabelledShare: Double { population == 0 ? 0 : 1 - Double(labelled) / Double(population) }

    /// The mean and the variance (divided by their number) of the predicted values of the posts without a true value.
    var unlabelled: (count: Int, mean: Double, variance: Double) {
      let count = population - labelled
      guard count > 0 else { return (0, 0, 0) }
      let rest = sum - predictions.reduce(0, +), restSquares = squares - predictions.reduce(0) { $0 + $1 * $1 }
      return (
        count, rest / Double(count), Moments.variance(sum: rest, squares: restSquares, count: count, freedom: 0)
      )
    }
  }

  /// The strata; a random sample has one.
  package private(set) var strata: [Stratum]
  /// The number of strata that had too few labels to be on their own, and were joined.
  package private(set) var joined = 0

  /// A sample of strata. A stratum with fewer than two labelled posts has no variance of its own: such strata are joined,
  /// and if they have too few labels even together, they join the smallest other stratum.
  package init(_ strata: [Stratum]) {
    let groups = Self.groups(strata.map { ($0.population, $0.labelled) })
    joined = groups.joined
    self.strata = groups.together.map { group in
      group.dropFirst().reduce(into: strata[group[0]]) { $0.join(strata[$1]) }
    }
  }

  /// Finds the strata that are estimated together.
  ///
  /// - Parameter strata: the number of posts and of labelled posts of each stratum.
  /// - Returns: the indexes of the strata of each group, without strata that have no posts, and the number of strata with
  ///   too few labels to be on their own.
  static func groups(_ strata: [(population: Int, labelled: Int)]) -> (together: [[Int]], joined: Int) {
    let filled = strata.indices.filter { strata[$0].population > 0 }
    let few = filled.filter { strata[$0].labelled < 2 && strata[$0].labelled < strata[$0].population }
    let alone = filled.filter { !few.contains($0) }
    var together = alone.map { [$0] }
    if few.reduce(0, { $0 + strata[$1].labelled }) < 2, !few.isEmpty,
      let place = alone.indices.min(by: { strata[alone[$0]].population < strata[alone[$1]].population })
    {
      together[place] += few
    } else if !few.isEmpty {
      together.append(few)
    }
    return (together, few.count)
  }

  /// The number of posts of the run.
  package var population: Int { strata.reduce(0) { $0 + $1.population } }
  /// The number of labelled posts.
  package var labelled: Int { strata.reduce(0) { $0 + $1.labelled } }
  /// The share of a stratum in the run.
  func weight(_ stratum: Stratum) -> Double { Double(stratum.population) / Double(max(1, population)) }
}

/// Means, variances and covariances of numbers.
enum Moments {
  static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }

  /// The sum of the squared distances from the mean.
  static func squaredDistances(_ values: [Double]) -> Double {
    let mean = mean(values)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }

  /// The sum of the products of both distances from the mean.
  static func products(_ left: [Double], _ right: [Double]) -> Double {
    let (one, other) = (mean(left), mean(right))
    return zip(left, right).reduce(0) { $0 + ($1.0 - one) * ($1.1 - other) }
  }

  /// The variance from sums, divided by the number less `freedom`; 0 if there are too few values.
  static func variance(sum: Double, squares: Double, count: Int, freedom: Int) -> Double {
    guard count > freedom, count > 0 else { return 0 }
    return max(0, squares - sum * sum / Double(count)) / Double(count - freedom)
  }
}
