extension LabelledSample {
  /// The prediction-powered share of the label in the source that the run itself is a random sample of, for example all
  /// posts of a platform; nil without two labelled posts, or if all are labelled. The sample is taken as one stratum.
  ///
  /// Equals `ppi_py.ppi_mean_ci` of PyPI's ppi-python: the posts without a true value are uncertain, too, and the
  /// interval is ± 1.96 standard errors, here cut to 0 to 1.
  package var sourceShare: (share: ShareEstimate, power: Double)? {
    guard var whole = strata.first else { return nil }
    for stratum in strata.dropFirst() { whole.join(stratum) }
    let count = Double(whole.labelled), rest = whole.unlabelled
    guard count > 1, rest.count > 0 else { return nil }
    let shared = 2 * Moments.products(whole.truths, whole.predictions) / count
    let spread = 2 * (1 + count / Double(rest.count)) * whole.predictedVariance
    let power = spread > 0 ? min(max(shared / spread, 0), 1) : 0
    let errors = zip(whole.truths, whole.predictions).map { $0 - power * $1 }
    let value = power * rest.mean + Moments.mean(errors)
    let variance =
      power * power * rest.variance / Double(rest.count) + Moments.squaredDistances(errors) / count / count
    let half = Estimate.quantile(1) * variance.squareRoot()
    return (
      ShareEstimate(value, standardError: variance.squareRoot(), low: value - half, high: value + half), power
    )
  }
}
