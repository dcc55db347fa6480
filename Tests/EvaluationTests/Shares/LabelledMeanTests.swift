import Evaluation
import Testing

/// A stratum of posts with predicted values and numbers, of which those at some places are labelled.
private func stratum(
  _ predicted: [Double], _ numbers: [Double?], truths: [Double], labelled places: [Int]
) -> LabelledMean.Stratum {
  var stratum = LabelledMean.Stratum()
  for (value, number) in zip(predicted, numbers) { stratum.add(prediction: value, number: number) }
  for place in places {
    stratum.label(truth: truths[place], prediction: predicted[place], number: numbers[place])
  }
  return stratum
}

@Suite struct LabelledMeanTests {
  @Test func aSourceMeanEqualsPPIPython() throws {
    for golden in try ShareGoldens.load().means {
      let sample = LabelledMean([
        stratum(golden.predicted, golden.numbers, truths: golden.truth, labelled: Array(golden.truth.indices))
      ])
      let mean = try #require(sample.sourceMean)
      #expect(abs(mean.value - golden.value) < 1e-8 && abs(mean.power - golden.power) < 1e-6)
      #expect(abs(mean.low - golden.low) < 1e-7 && abs(mean.high - golden.high) < 1e-7)
    }
  }

  /// Of six posts, two strata have their posts' labels; the mean is that of the label's posts, weighted by the design.
  @Test func theSampleAloneIsTheWeightedMeanOfTheLabelsPosts() throws {
    let none = [0.0, 0, 0, 0]
    let sample = LabelledMean([
      stratum(none, [10, 20, 30, 1000], truths: [1, 1, 0, 0], labelled: [0, 1, 2]),
      stratum(none, [7, 8], truths: [1, 0], labelled: [0, 1]),
    ])
    // Each labelled post of the first stratum counts for 4 / 3 posts.
    let mean = try #require(sample.plain)
    #expect(abs(mean.value - (4.0 / 3 * 30 + 7) / (4.0 / 3 * 2 + 1)) < 1e-12 && sample.count == 3)
    // Predictions that are always 0 have no power.
    let powered = try #require(sample.predictionPowered)
    #expect(powered.power == 0 && abs(powered.value - mean.value) < 1e-12)
  }

  @Test func aPostWithoutANumberCountsForNoLabel() throws {
    let sample = LabelledMean([
      stratum([1, 1, 0, 1], [5, nil, 9, 7], truths: [1, 1, 0, 1], labelled: [0, 1, 2, 3])
    ])
    let mean = try #require(sample.predictionPowered)
    #expect(abs(mean.value - 6) < 1e-9 && mean.standardError < 1e-9 && sample.count == 2)
    #expect(LabelledMean([stratum([1], [3], truths: [0], labelled: [0])]).predictionPowered == nil)
    #expect(LabelledMean([]).plain == nil)
  }

  /// The interval holds the run's mean in 95 % of 500 made-up dumps, and is narrower than that of the sample alone.
  @Test(arguments: [1.0, 3.0]) func theIntervalHoldsTheMean(skill: Double) throws {
    var random = SeededGenerator(seed: 9), held = 0, widths = (powered: 0.0, plain: 0.0)
    func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + random.unit() } }
    for _ in 0..<500 {
      let truths = (0..<1500).map { _ in random.unit() < 0.3 ? 1.0 : 0 }
      let predicted = truths.map { truth in
        let score = skill * (2 * truth - 1) + normal()
        return 0.5 + score / (2 * (1 + abs(score)))
      }
      let numbers = truths.map { 20 + 10 * $0 + 5 * normal() }
      let places = Array(random.shuffled(truths.indices).prefix(200))
      let sample = LabelledMean([stratum(predicted, numbers, truths: truths, labelled: places)])
      let powered = try #require(sample.predictionPowered), plain = try #require(sample.plain)
      let right = zip(truths, numbers).reduce(0) { $0 + $1.0 * $1.1 } / truths.reduce(0, +)
      if powered.low <= right, right <= powered.high { held += 1 }
      widths.powered += powered.high - powered.low
      widths.plain += plain.high - plain.low
    }
    // 95 % ± 3 standard errors of 500 dumps.
    #expect(held > 460 && widths.powered < widths.plain)
  }
}
