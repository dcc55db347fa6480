import Testing

import Evaluation

/// A stratum of posts with predicted values, of which those at some places have a true value.
private func stratum(
  _ predicted: [Double], truths: [Double], labelled places: [Int]
) -> LabelledSample.Stratum {
  var stratum = LabelledSample.Stratum()
  for value in predicted { stratum.add(prediction: value) }
  for place in places { stratum.label(truth: truths[place], prediction: predicted[place]) }
  return stratum
}

/// All ways to take `count` of `all` posts.
private func choices(_ count: Int, of all: Int) -> [[Int]] {
  guard count > 0 else { return [[]] }
  guard all >= count else { return [] }
  return choices(count, of: all - 1) + choices(count - 1, of: all - 1).map { $0 + [all - 1] }
}

@Suite struct LabelledSampleTests {
  @Test func aSourceShareEqualsPPIPython() throws {
    for golden in try ShareGoldens.load().powered {
      let sample = LabelledSample([
        stratum(golden.predicted, truths: golden.truth, labelled: Array(golden.truth.indices))
      ])
      let share = try #require(sample.sourceShare?.share)
      #expect(abs(share.value - golden.value) < 1e-9)
      #expect(abs(share.low - max(0, golden.low)) < 1e-9 && abs(share.high - min(1, golden.high)) < 1e-9)
    }
  }

  /// Over all samples that a design can draw, the estimates have the share of the run as their mean, and the variances
  /// the variance of the estimates.
  @Test func aStratifiedShareIsRightOverAllSamples() throws {
    let truths: [[Double]] = [[1, 0, 0, 1, 0], [1, 1, 0, 1]]
    let share = 5.0 / 9
    var estimates: [Double] = [], variances: [Double] = []
    for one in choices(3, of: 5) {
      for other in choices(2, of: 4) {
        let sample = LabelledSample([
          stratum([0, 0, 0, 0, 0], truths: truths[0], labelled: one),
          stratum([0, 0, 0, 0], truths: truths[1], labelled: other),
        ])
        let plain = try #require(sample.plain)
        estimates.append(plain.value)
        variances.append(plain.standardError * plain.standardError)
      }
    }
    let mean = estimates.reduce(0, +) / Double(estimates.count)
    let variance = estimates.reduce(0) { $0 + ($1 - share) * ($1 - share) } / Double(estimates.count)
    #expect(abs(mean - share) < 1e-12)
    #expect(abs(variances.reduce(0, +) / Double(variances.count) - variance) < 1e-12)
  }

  /// Predictions that tell nothing leave the plain sample; its interval is Wilson's when the run is large.
  @Test func withoutAPowerTheEstimateIsThePlainOne() throws {
    let truths = (0..<40).map { $0 % 4 == 0 ? 1.0 : 0 }
    let sample = LabelledSample([
      stratum([Double](repeating: 0.5, count: 1_000_000), truths: truths, labelled: Array(0..<40))
    ])
    let plain = try #require(sample.plain), powered = try #require(sample.predictionPowered)
    let wilson = WilsonInterval(10, of: 40)
    #expect(abs(plain.low - wilson.low) < 1e-4 && abs(plain.high - wilson.high) < 1e-4)
    #expect(powered.power == 0 && powered.share.value == plain.value)
    // One variance is divided by 39 and the other by 40.
    #expect(abs(powered.share.low - plain.low) < 0.002 && abs(powered.share.high - plain.high) < 0.002)
  }

  /// The predicted share of the run is 0.2 too high; the sample shows it.
  @Test func predictionsThatAreTooHighAreCorrected() throws {
    let truths = (0..<1000).map { $0 % 10 < 3 ? 1.0 : 0 }
    let predicted = (0..<1000).map { $0 % 10 < 5 ? 0.9 : 0.1 }
    let sample = LabelledSample([stratum(predicted, truths: truths, labelled: Array(0..<200))])
    let (share, power) = try #require(sample.predictionPowered), plain = try #require(sample.plain)
    #expect(abs(share.value - 0.3) < 1e-9 && share.low < 0.3 && share.high > 0.3)
    #expect(power > 0.5 && power < 1 && share.halfWidth < plain.halfWidth)
  }

  /// A model without an error in the sample may still have some elsewhere.
  @Test func aPerfectSampleIsNotCertain() throws {
    let truths = (0..<5000).map { $0 % 2 == 0 ? 1.0 : 0 }
    let sample = LabelledSample([stratum(truths, truths: truths, labelled: Array(0..<100))])
    let (share, _) = try #require(sample.predictionPowered)
    #expect(abs(share.value - 0.5) < 1e-9)
    // One error in 100 labels moves the share by 0.01; the interval must allow more.
    #expect(share.halfWidth > 0.015 && share.halfWidth < 0.03)
  }

  @Test func sharesStayBetweenZeroAndOne() throws {
    let none = LabelledSample([
      stratum([Double](repeating: 0.3, count: 50), truths: [0, 0, 0, 0, 0], labelled: [0, 1, 2, 3, 4])
    ])
    let share = try #require(none.predictionPowered?.share)
    #expect(share.value == 0 && share.low == 0 && share.high > 0.1 && share.high < 0.6)
    let all = LabelledSample([stratum([0.9, 0.8], truths: [1, 1], labelled: [0, 1])])
    #expect(all.plain?.value == 1 && all.plain?.high == 1 && (all.plain?.low ?? 0) > 0.99)
    #expect(LabelledSample([]).plain == nil && LabelledSample([stratum([0.5], truths: [], labelled: [])]).plain == nil)
  }

  @Test func strataWithTooFewLabelsAreJoined() {
    let full = stratum([0.5, 0.5, 0.5, 0.5], truths: [1, 0, 1, 0], labelled: [0, 1, 2])
    let one = stratum([0.5, 0.5], truths: [1, 0], labelled: [0])
    let none = stratum([0.1, 0.1, 0.1], truths: [], labelled: [])
    #expect(LabelledSample([full, one]).strata.count == 1 && LabelledSample([full, one]).joined == 1)
    #expect(LabelledSample([full, one, one]).strata.map(\.population) == [4, 4])
    #expect(LabelledSample([full, none]).strata.map(\.population) == [7])
    // A stratum whose only post is labelled is certain.
    #expect(LabelledSample([full, stratum([0.5], truths: [1], labelled: [0])]).strata.count == 2)
    #expect(LabelledSample([full, one, none]).population == 9)
  }

  @Test func fourTimesTheLabelsHalveTheInterval() {
    let sample = LabelledSample([
      stratum([Double](repeating: 0.5, count: 100_000), truths: [1, 0, 1, 0], labelled: [0, 1, 2, 3])
    ])
    #expect(sample.labelsToHalve == 12)
    #expect(LabelledSample([stratum([0.5, 0.5], truths: [1, 0], labelled: [0, 1])]).labelsToHalve == nil)
  }
}

/// How often the interval holds the share of the run, in simulated dumps; `docs/estimate.md` has more of them.
@Suite struct ShareCoverageTests {
  @Test(arguments: [(0.1, 0.0), (0.1, 1.0), (0.5, 1.0), (0.3, 3.0)])
  func theIntervalHoldsTheShare(share: Double, skill: Double) throws {
    var random = SeededGenerator(seed: 7), held = 0
    let dumps = 400
    for _ in 0..<dumps {
      let truths = (0..<2000).map { _ in random.unit() < share ? 1.0 : 0 }
      let predicted = truths.map { truth in
        let noise = (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() }
        let score = skill * (2 * truth - 1) + noise
        return 0.5 + score / (2 * (1 + abs(score)))
      }
      let sample = LabelledSample([
        stratum(predicted, truths: truths, labelled: Array(random.shuffled(truths.indices).prefix(150)))
      ])
      let estimate = try #require(sample.predictionPowered?.share)
      let right = truths.reduce(0, +) / Double(truths.count)
      if estimate.low <= right, right <= estimate.high { held += 1 }
    }
    // 95 % ± 3 standard errors of 400 dumps; a model with few errors in the sample gets a wider interval.
    #expect(Double(held) / Double(dumps) > 0.917)
  }
}
