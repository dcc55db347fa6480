import Evaluation
import Testing

@Suite struct DesignedSampleTests {
  /// Three strata: one with a tenth of its posts labelled, one with half of them, one with all; two posts are not in the
  /// sample.
  private let populations = [400, 60, 5]
  private var strata: [Int?] {
    (0..<40).map { _ in 0 } + (0..<30).map { _ in 1 } + (0..<5).map { _ in 2 } + [nil, nil]
  }
  private var sample: DesignedSample { DesignedSample(populations: populations, strata: strata) }
  private func isRight(_ post: Int32) -> Bool { post % 3 != 0 }

  @Test func eachPostCountsForThoseItWasDrawnFrom() {
    #expect(
      sample.weights == [Double](repeating: 10, count: 40) + [Double](repeating: 2, count: 30) + [1, 1, 1, 1, 1, 0, 0])
    #expect(sample.labelled == 75)
    // A stratum with one label joins the smallest other one.
    let joined = DesignedSample(populations: [100, 20, 30], strata: [0, 0, 1, 1, 2])
    #expect(joined.weights.map { ($0 * 3).rounded() } == [150, 150, 50, 50, 50])
  }

  @Test func aShareOfAllPostsIsThatOfTheLabelledSample() throws {
    let share = try #require(sample.share { ($0.count(where: isRight), $0.count) })
    let plain = LabelledSample(
      populations.indices.map { place in
        var stratum = LabelledSample.Stratum(population: populations[place], sum: 0, squares: 0)
        for (post, own) in strata.enumerated() where own == place {
          stratum.label(truth: isRight(Int32(post)) ? 1 : 0, prediction: 0)
        }
        return stratum
      }
    ).plain
    let expected = try #require(plain)
    #expect(abs(share.value - expected.value) < 1e-12 && abs(share.standardError - expected.standardError) < 1e-12)
    #expect(abs(share.low - expected.low) < 1e-12 && abs(share.high - expected.high) < 1e-12)
    #expect(sample.share { _ in (0, 0) } == nil)
  }

  /// The bootstrap varies a weighted mean as much as the design does.
  @Test func drawsVaryAsTheDesignDoes() throws {
    var random = SeededGenerator(seed: 3), values: [Double] = []
    for _ in 0..<4000 {
      let weights = sample.weights(drawnBy: &random)
      #expect(abs(weights.reduce(0, +) - 465) < 1e-9 && weights.allSatisfy { $0 >= 0 })
      #expect(Array(weights[70...]) == [1, 1, 1, 1, 1, 0, 0])
      values.append(weights.indices.reduce(0) { $0 + (isRight(Int32($1)) ? weights[$1] : 0) } / 465)
    }
    let mean = values.reduce(0, +) / 4000
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000).squareRoot()
    let share = try #require(sample.share { ($0.count(where: isRight), $0.count) })
    #expect(abs(mean - share.value) < 0.005 && abs(deviation / share.standardError - 1) < 0.04)
  }

  /// The share among some posts, in 600 samples of a made-up run: the interval holds the run's share in 95 % of them.
  @Test func theIntervalOfASharePerSliceHolds() throws {
    var random = SeededGenerator(seed: 5), held = 0
    // Posts 0–1199 and 1200–1499 are strata; every third post is in the slice.
    let right = (0..<1500).map { _ in random.unit() < 0.8 }
    let truth = stride(from: 0, to: 1500, by: 3).reduce(0.0) { $0 + (right[$1] ? 1 : 0) } / 500
    for _ in 0..<600 {
      let drawn = random.shuffled(0..<1200).prefix(120) + random.shuffled(1200..<1500).prefix(120)
      let sample = DesignedSample(populations: [1200, 300], strata: drawn.map { $0 < 1200 ? 0 : 1 })
      let share = try #require(
        sample.share { posts in
          let counted = posts.filter { drawn[drawn.startIndex + Int($0)].isMultiple(of: 3) }
          return (counted.count { right[drawn[drawn.startIndex + Int($0)]] }, counted.count)
        })
      if share.low <= truth, truth <= share.high { held += 1 }
    }
    #expect(held > 550 && held < 592)
  }
}
