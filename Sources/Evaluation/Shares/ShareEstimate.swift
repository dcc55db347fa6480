internal import Glibc

/// The share of a label in a run, estimated from a sample, with its 95 % interval.
package struct ShareEstimate: Equatable, Sendable {
  /// The estimate, from 0 to 1.
  package let value: Double
  /// The standard error, before the interval is fitted to the range from 0 to 1.
  package let standardError: Double
  /// The interval's lower end, at least 0.
  package let low: Double
  /// The interval's upper end, at most 1.
  package let high: Double

  /// An estimate with Wilson's interval for the number of posts that a random sample would need for the same variance
  /// (Dean and Pagano, 2015). The interval stays between 0 and 1, and holds for small shares, where ± 1.96 standard
  /// errors do not.
  ///
  /// - Parameters:
  ///   - value: the estimate; it may lie outside 0 to 1.
  ///   - variance: its variance.
  ///   - unit: the variance of one true value, p · (1 − p) for a share.
  ///   - count: the number of posts to count on if one of the variances is 0.
  init(_ value: Double, variance: Double, unit: Double, count: Double) {
    let share = min(max(value, 0), 1)
    let posts = variance > 0 && unit > 0 ? max(1, unit / variance) : max(1, count)
    let z = Estimate.quantile(1)
    let middle = (share + z * z / (2 * posts)) / (1 + z * z / posts)
    let half = z / (1 + z * z / posts) * (share * (1 - share) / posts + z * z / (4 * posts * posts)).squareRoot()
    self.value = share
    standardError = variance.squareRoot()
    low = share == 0 ? 0 : max(0, min(share, middle - half))
    high = share == 1 ? 1 : min(1, max(share, middle + half))
  }

  /// An estimate with an interval from elsewhere, cut to 0 to 1.
  init(_ value: Double, standardError: Double, low: Double, high: Double) {
    func inside(_ number: Double) -> Double { min(max(number, 0), 1) }
    (self.value, self.standardError) = (inside(value), standardError)
    (self.low, self.high) = (inside(low), inside(high))
  }

  /// Half the interval's width.
  package var halfWidth: Double { (high - low) / 2 }
}

extension LabelledSample {
  /// The share of the label among the labelled posts alone, each stratum weighted by its size; nil without labels.
  ///
  /// A random sample has Wilson's interval, narrowed by the share of the run that is labelled (Cochran 1977, sections
  /// 2.6 and 5.3).
  package var plain: ShareEstimate? {
    guard labelled > 0 else { return nil }
    var value = 0.0, variance = 0.0
    for stratum in strata {
      let weight = weight(stratum), count = Double(stratum.labelled)
      value += weight * Moments.mean(stratum.truths)
      guard count > 1 else { continue }
      // A random sample takes p (1 − p), so that the interval is Wilson's own.
      let spread = Moments.squaredDistances(stratum.truths) / (strata.count == 1 ? count : count - 1)
      variance += weight * weight * stratum.unlabelledShare * spread / count
    }
    return ShareEstimate(value, variance: variance, unit: value * (1 - value), count: effectiveCount)
  }

  /// The number of labelled posts, corrected for the share of the run that they are.
  private var effectiveCount: Double {
    let count = Double(labelled), rest = 1 - count / Double(max(1, population))
    return rest > 0 ? count / rest : Double(population) * 1e6
  }

  /// The prediction-powered share of the label in the run (Angelopoulos, Duchi and Zrnic, PPI++, 2023); nil without
  /// labels.
  ///
  /// The mean of all predictions, times a power λ from 0 to 1, plus the mean of what the labelled posts show to be wrong
  /// with it: λ · mean(f) + mean over the sample of (y − λ f). λ minimises the variance. The run's posts are all there
  /// is, so only the second mean is uncertain, by the share of posts that are not labelled. In a stratified sample both
  /// means are weighted by the strata, and λ is one for all.
  ///
  /// If the predictions are nearly always right, few labelled posts or none show the errors that the others have. The
  /// variance therefore counts one more error, spread over the strata by their labels and weighted by λ: otherwise the
  /// interval of a very good model would hold too rarely.
  package var predictionPowered: (share: ShareEstimate, power: Double)? {
    guard labelled > 0 else { return nil }
    let power = power
    var value = 0.0, variance = 0.0, unit = 0.0
    for stratum in strata {
      let weight = weight(stratum), count = Double(stratum.labelled)
      guard count > 0 else { continue }
      let errors = zip(stratum.truths, stratum.predictions).map { $0 - power * $1 }
      value += weight * (power * stratum.predictedMean + Moments.mean(errors))
      guard count > 1 else { continue }
      let unseen = power * count / Double(labelled)
      variance +=
        weight * weight * stratum.unlabelledShare * (Moments.squaredDistances(errors) + unseen) / (count - 1) / count
      unit += weight * Moments.squaredDistances(stratum.truths) / (count - 1)
    }
    if strata.count > 1 {
      let share = plain?.value ?? value
      unit = share * (1 - share)
    }
    return (ShareEstimate(value, variance: variance, unit: unit, count: effectiveCount), power)
  }

  /// The power λ that minimises the variance, cut to 0 to 1.
  var power: Double {
    var shared = 0.0, spread = 0.0
    for stratum in strata where stratum.labelled > 1 {
      let count = Double(stratum.labelled), weight = weight(stratum)
      let scale = weight * weight * stratum.unlabelledShare / count
      shared += scale * Moments.products(stratum.truths, stratum.predictions) / (count - 1)
      spread += scale * stratum.predictedVariance
    }
    return spread > 1e-15 ? min(max(shared / spread, 0), 1) : 0
  }

  /// The number of further labels that would halve an estimate's interval; nil if the run has too few posts.
  package var labelsToHalve: Int? {
    let count = Double(labelled), all = Double(population)
    guard count > 0, all > count else { return nil }
    let needed = (1 / ((1 / count - 1 / all) / 4 + 1 / all)).rounded(.up)
    return needed < all ? Int(needed) - labelled : nil
  }
}
