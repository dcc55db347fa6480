extension LabelledSample {
  /// The prediction-powered share of the label in the source that the run itself is a random sample of, for example all
  /// posts of a platform; nil without two labelled posts, or if all are labelled. The sample is taken as one stratum.
  ///
  /// Equals `ppi_py.ppi_mean_ci` of PyPI's ppi-python: the posts without a true value are uncertain, too, and the
  /// interval is ± 1.96 standard errors, here cut to 0 to 1.
  package var sourceShare: (share: ShareEstimate, power: Double)? {
    let power = sourcePower
    guard let (value, variance) = sourceMean(power: power) else { return nil }
    let half = Estimate.quantile(1) * variance.squareRoot()
    return (
      ShareEstimate(value, standardError: variance.squareRoot(), low: value - half, high: value + half), power
    )
  }

  /// The power λ that minimises the variance of ``sourceMean(power:)``, cut to 0 to 1.
  var sourcePower: Double {
    guard let whole = asOne(), whole.unlabelled.count > 0 else { return 0 }
    let count = Double(whole.labelled)
    let shared = 2 * Moments.products(whole.truths, whole.predictions) / count
    let spread = 2 * (1 + count / Double(whole.unlabelled.count)) * whole.predictedVariance
    return spread > 0 ? min(max(shared / spread, 0), 1) : 0
  }

  /// The mean of the true values in the source with predicted values of power λ, and its variance; nil without two
  /// labelled posts, or if all are labelled.
  func sourceMean(power: Double) -> (value: Double, variance: Double)? {
    guard let whole = asOne(), whole.labelled > 1, whole.unlabelled.count > 0 else { return nil }
    let count = Double(whole.labelled), rest = whole.unlabelled
    let errors = zip(whole.truths, whole.predictions).map { $0 - power * $1 }
    let variance =
      power * power * rest.variance / Double(rest.count) + Moments.squaredDistances(errors) / count / count
    return (power * rest.mean + Moments.mean(errors), variance)
  }

  /// All strata as one.
  private func asOne() -> Stratum? {
    strata.first.map { first in strata.dropFirst().reduce(into: first) { $0.join($1) } }
  }
}
