/// A sample of a run's posts with a label and a number each, from which the mean of the numbers of one label's posts is
/// estimated, such as the mean number of likes of ironic posts.
///
/// The numbers of all posts are known; whether a post has the label is known for the labelled posts, and predicted for
/// all. The mean is a ratio: the sum of the numbers of the label's posts, divided by how many there are.
package struct LabelledMean: Equatable, Sendable {
  /// Posts of which each was drawn with the same probability; see ``LabelledSample/Stratum``.
  package struct Stratum: Equatable, Sendable {
    private var population: Int
    /// Sums over all posts, of p, p², p · z, p² · z and p² · z², where p is the predicted value and z the number.
    private var sums = SIMD8<Double>.zero
    /// The labelled posts.
    private var labelled: [LabelledPost] = []

    private struct LabelledPost: Equatable {
      var truth = 0.0
      var prediction = 0.0
      var number = 0.0
    }

    /// A stratum of posts that have neither labels nor predictions.
    package init(population: Int = 0) { self.population = population }

    /// Counts a post of the run, labelled or not; a post without a number belongs to no label.
    package mutating func add(prediction p: Double, number: Double?) {
      population += 1
      if let z = number { sums += SIMD8(p, p * p, p * z, p * p * z, p * p * z * z, 0, 0, 0) }
    }

    /// Adds the true value of a post that was counted before: 1 if it has the label, otherwise 0.
    package mutating func label(truth: Double, prediction: Double, number: Double?) {
      labelled.append(number.map { LabelledPost(truth: truth, prediction: prediction, number: $0) } ?? LabelledPost())
    }

    /// Joins another stratum to this one.
    package mutating func join(_ other: Stratum) {
      population += other.population
      sums += other.sums
      labelled += other.labelled
    }

    /// The posts with the values y · (a · z + b) and p · (a · z + b).
    fileprivate func values(_ a: Double, _ b: Double) -> LabelledSample.Stratum {
      var stratum = LabelledSample.Stratum(
        population: population, sum: a * sums[2] + b * sums[0],
        squares: a * a * sums[4] + 2 * a * b * sums[3] + b * b * sums[1])
      for post in labelled {
        let factor = a * post.number + b
        stratum.label(truth: post.truth * factor, prediction: post.prediction * factor)
      }
      return stratum
    }
  }

  private let strata: [Stratum]

  package init(_ strata: [Stratum]) { self.strata = strata }

  /// The number of posts with the label among the labelled ones that have a number.
  package var count: Int { Int(values(0, 1).strata.reduce(0) { $0 + $1.truths.reduce(0, +) }.rounded()) }

  /// The number of further labels that would halve an interval; nil if the run has too few posts.
  package var labelsToHalve: Int? { values(0, 1).labelsToHalve }

  /// The squared standard error that the mean of a random sample of as many labels would have, without predictions; nil
  /// without a post of the label.
  package var simpleVariance: Double? {
    guard let plain, let whole = values(0, 1).mean(power: 0)?.value else { return nil }
    let centred = values(1, -plain.value), count = Double(centred.labelled)
    let spread = centred.strata.reduce(0) { sum, stratum in
      sum + centred.weight(stratum) * Moments.mean(stratum.truths.map { $0 * $0 })
    }
    return (1 - count / Double(max(1, centred.population))) * spread / count / (whole * whole)
  }

  private func values(_ a: Double, _ b: Double) -> LabelledSample { LabelledSample(strata.map { $0.values(a, b) }) }

  /// The mean of the labelled posts alone, each stratum weighted by its size; nil without a post of the label.
  package var plain: MeanEstimate? { ratio(power: { _ in 0 }, of: { $0.mean(power: $1) }) }

  /// The same for the source that the run is a random sample of.
  package var sourcePlain: MeanEstimate? { ratio(power: { _ in 0 }, of: { $0.sourceMean(power: $1) }) }

  /// The prediction-powered mean of the run (PPI++, Angelopoulos, Duchi and Zrnic 2023): the number R for which the
  /// prediction-powered mean of y · (z − R) is 0, with p · (z − R) as its prediction and the power λ that minimises the
  /// variance. Nil without a post of the label.
  package var predictionPowered: MeanEstimate? { ratio(power: \.power, of: { $0.mean(power: $1) }) }

  /// The same for the source that the run itself is a random sample of, as ``LabelledSample/sourceShare`` for shares; nil
  /// if all posts are labelled.
  package var sourceMean: MeanEstimate? { ratio(power: \.sourcePower, of: { $0.sourceMean(power: $1) }) }

  /// Finds the mean and the power together: each step takes the power for the last mean.
  private func ratio(
    power: (LabelledSample) -> Double, of mean: (LabelledSample, Double) -> (value: Double, variance: Double)?
  ) -> MeanEstimate? {
    let (sums, counts) = (values(1, 0), values(0, 1))
    func ratio(_ power: Double) -> (value: Double, whole: Double)? {
      guard let part = mean(sums, power)?.value, let whole = mean(counts, power)?.value, whole > 1e-12 else {
        return nil
      }
      return (part / whole, whole)
    }
    guard count > 0, var found = ratio(0) else { return nil }
    var weight = 0.0
    for _ in 0..<Self.mostSteps {
      weight = power(values(1, -found.value))
      guard let next = ratio(weight) else { return nil }
      let step = abs(next.value - found.value)
      found = next
      if step <= 1e-12 * max(1, abs(found.value)) { break }
    }
    guard let variance = mean(values(1, -found.value), weight)?.variance else { return nil }
    let error = max(0, variance).squareRoot() / found.whole, half = Estimate.quantile(1) * error
    return MeanEstimate(
      value: found.value, standardError: error, low: found.value - half, high: found.value + half, power: weight)
  }

  /// The most steps towards the mean; some ten are enough.
  private static let mostSteps = 100
}

/// A mean of numbers with its 95 % interval, ± 1.96 standard errors.
package struct MeanEstimate: Equatable, Sendable {
  package let value: Double
  package let standardError: Double
  package let low: Double
  package let high: Double
  /// The power λ of the predictions; 0 without predictions.
  package let power: Double
}

extension LabelledSample {
  /// The mean of the true values in the run, with predicted values of power λ, and its variance: only the posts that are
  /// not labelled are uncertain. Nil without labels.
  func mean(power: Double) -> (value: Double, variance: Double)? {
    guard labelled > 0 else { return nil }
    var value = 0.0, variance = 0.0
    for stratum in strata where stratum.labelled > 0 {
      let weight = weight(stratum), count = Double(stratum.labelled)
      let errors = zip(stratum.truths, stratum.predictions).map { $0 - power * $1 }
      value += weight * (power * stratum.predictedMean + Moments.mean(errors))
      guard count > 1 else { continue }
      variance += weight * weight * stratum.unlabelledShare * Moments.squaredDistances(errors) / (count - 1) / count
    }
    return (value, variance)
  }
}
