extension LabelledSample {
  /// The share of the label in a random sample, weighted afterwards so that each predicted label has its share of the
  /// run (Cochran 1977, section 5A.9). The strata are the predicted labels.
  ///
  /// - Returns: nil without labels. Predicted labels with too few labelled posts are joined, as in ``init(_:)``.
  package var postStratified: ShareEstimate? {
    guard labelled > 1 else { return nil }
    let count = Double(labelled), rest = 1 - count / Double(max(1, population))
    var value = 0.0, within = 0.0, between = 0.0
    for stratum in strata where stratum.labelled > 0 {
      let weight = weight(stratum), posts = Double(stratum.labelled)
      value += weight * Moments.mean(stratum.truths)
      guard posts > 1 else { continue }
      let spread = Moments.squaredDistances(stratum.truths) / (posts - 1)
      within += weight * spread
      between += (1 - weight) * spread
    }
    return ShareEstimate(
      value, variance: rest * within / count + between / (count * count), unit: value * (1 - value), count: count)
  }
}
