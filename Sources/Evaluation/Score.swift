/// A metric's value, and how many of the ratios under it were 0/0.
///
/// A ratio without cases has no value; as is common practice it counts as 0, and whoever reads the number can
/// see that it was so.
public struct Score: Equatable, Sendable {
  /// The value, between 0 and 1.
  public var value: Double
  /// How many ratios under this value were 0/0 and counted as 0.
  public var undefined: Int

  /// Creates a score.
  public init(value: Double, undefined: Int = 0) {
    self.value = value
    self.undefined = undefined
  }

  /// The ratio of two counts; 0/0 is 0 and noted as undefined.
  init(_ numerator: Int, of denominator: Int) {
    if denominator == 0 {
      self.init(value: 0, undefined: 1)
    } else {
      self.init(value: Double(numerator) / Double(denominator))
    }
  }
}

extension Score {
  /// The mean of scores under weights, Σ wᵢ·sᵢ / Σ wᵢ; without weight it is 0 and undefined.
  static func mean(_ scores: [Score], weights: [Int]) -> Score {
    let total = weights.reduce(0, +)
    let undefined = scores.reduce(0) { $0 + $1.undefined }
    guard total > 0 else { return Score(value: 0, undefined: max(undefined, 1)) }
    let sum = zip(scores, weights).reduce(0.0) { $0 + $1.0.value * Double($1.1) }
    return Score(value: sum / Double(total), undefined: undefined)
  }
}
