import Bytes
import Evaluation
import Testing

@Suite struct PairedBootstrapTests {
  /// Two posts; the second setting gets both right, the first only one. Of four equally likely draws, "the first post
  /// twice" gives 0, "the second twice" 1, and the two mixed ones give 1 − (2/3 + 0)/2 = 2/3.
  @Test func twoPostsAreAsComputedByHand() {
    let test = PairedBootstrap(truths: [0, 1], first: [[0, 0]], second: [[0, 1]], labels: 2)
    #expect(abs(test.difference - 2.0 / 3) < 1e-12)
    #expect(test.low == 0 && test.high == 1)
    // Twice the quarter of draws that give 0: 0.5, within four standard deviations of 10,000 draws.
    #expect(abs(test.p - 0.5) < 0.035)
  }

  @Test func pairsAreAveraged() {
    // The first pair differs by 2/3, the second not at all.
    let test = PairedBootstrap(truths: [0, 1], first: [[0, 0], [1, 1]], second: [[0, 1], [1, 1]], labels: 2)
    #expect(abs(test.difference - 1.0 / 3) < 1e-12)
    #expect(test.low == 0 && abs(test.high - 0.5) < 1e-12)
  }

  @Test func equalPredictionsHaveNoDifference() {
    let truths = (0..<60).map { $0 % 3 }, same = truths.map { ($0 * 7 + 1) % 3 }
    let test = PairedBootstrap(truths: truths, first: [same], second: [same], labels: 3)
    #expect(test.difference == 0 && test.low == 0 && test.high == 0 && test.p == 1)
    #expect(test.interval == nil, "0 to 0 claims a certainty that 60 posts do not give")
  }

  @Test func equallyGoodSettingsHaveNoSignificantDifference() {
    // Each is wrong on 20 of 100 posts, but on different ones.
    let truths = (0..<100).map { $0 % 2 }
    let first = truths.enumerated().map { $0.offset < 20 ? 1 - $0.element : $0.element }
    let second = truths.enumerated().map { $0.offset >= 80 ? 1 - $0.element : $0.element }
    let test = PairedBootstrap(truths: truths, first: [first], second: [second], labels: 2)
    #expect(abs(test.difference) < 1e-12 && test.low < -0.02 && test.high > 0.02 && test.p > 0.5)
  }

  @Test func aPlantedDifferenceIsFound() {
    let truths = (0..<200).map { $0 % 2 }
    let first = truths.enumerated().map { $0.offset % 20 < 8 ? 1 - $0.element : $0.element }
    let second = truths.enumerated().map { $0.offset % 20 < 2 ? 1 - $0.element : $0.element }
    let better = PairedBootstrap(truths: truths, first: [first], second: [second], labels: 2)
    #expect(abs(better.difference - 0.3) < 1e-12)
    // The difference of shares has a deviation of √(0.3 · 0.7 / 200) = 0.0324 here; the interval is 1.96 of it.
    #expect(abs(better.low - 0.237) < 0.02 && abs(better.high - 0.363) < 0.02)
    #expect(better.p < 0.001)
    let worse = PairedBootstrap(truths: truths, first: [second], second: [first], labels: 2)
    #expect(worse.difference == -better.difference && worse.high < 0 && worse.p < 0.001)
  }

  @Test func theSameSeedDrawsTheSame() {
    let truths = (0..<50).map { $0 % 2 }, first = (0..<50).map { $0 % 3 % 2 }, second = (0..<50).map { $0 % 5 % 2 }
    func test(_ seed: UInt64) -> PairedBootstrap {
      PairedBootstrap(truths: truths, first: [first], second: [second], labels: 2, draws: 500, seed: seed)
    }
    #expect(test(1) == test(1))
    #expect(test(1) != test(2))
  }
}

@Suite struct PairedPatternBootstrapTests {
  private let patterns = [
    PairedPatternBootstrap.Pattern(truth: "no", first: "no", second: "no", count: 400),
    PairedPatternBootstrap.Pattern(truth: "yes", first: "yes", second: "no", count: 60),
    PairedPatternBootstrap.Pattern(truth: "yes", first: "no", second: "yes", count: 40),
    PairedPatternBootstrap.Pattern(truth: "unsure", first: "no", second: "yes", count: 20),
  ]

  private func accuracy(_ matrix: ConfusionMatrix) -> Double { ClassificationMetrics(matrix).accuracy.value }

  @Test func theDifferenceIsThatOfThePosts() {
    let bootstrap = PairedPatternBootstrap(patterns, labels: ["no", "yes"])
    let difference = bootstrap.difference(in: accuracy)
    #expect(abs(difference.value - 20.0 / 520) < 1e-12)
    // The deviation of a paired difference is √(b + c − (b − c)² / n) / n; the ends lie about 1.96 of it away.
    let deviation = (100 - 400.0 / 520).squareRoot() / 520
    #expect(abs(difference.low - (difference.value - 1.96 * deviation)) < 0.15 * deviation)
    #expect(abs(difference.high - (difference.value + 1.96 * deviation)) < 0.15 * deviation)
  }

  @Test func equalsABootstrapPostByPost() {
    let labels: [ByteText: Int] = ["no": 0, "yes": 1, "unsure": 2]
    var posts: (truths: [Int], first: [Int], second: [Int]) = ([], [], [])
    for pattern in patterns {
      posts.truths += Array(repeating: labels[pattern.truth] ?? 0, count: pattern.count)
      posts.first += Array(repeating: labels[pattern.first] ?? 0, count: pattern.count)
      posts.second += Array(repeating: labels[pattern.second] ?? 0, count: pattern.count)
    }
    let other = PairedBootstrap(
      truths: posts.truths, first: [posts.second], second: [posts.first], labels: 3, draws: 4000)
    let own = PairedPatternBootstrap(patterns, labels: ["no", "yes"], draws: 4000)
      .difference { ClassificationMetrics($0).macro.f1.value }
    let width = other.high - other.low
    #expect(abs(own.value - other.difference) < 1e-12)
    #expect(abs(own.low - other.low) < 0.06 * width && abs(own.high - other.high) < 0.06 * width)
  }

  @Test func theSameSeedGivesTheSameAndNoPostsGiveNothing() {
    let one = PairedPatternBootstrap(patterns, labels: ["no", "yes"], draws: 50, seed: 7)
    let two = PairedPatternBootstrap(patterns, labels: ["no", "yes"], draws: 50, seed: 7)
    #expect(one.difference(in: accuracy) == two.difference(in: accuracy))
    let none = PairedPatternBootstrap([], labels: ["no"]).difference(in: accuracy)
    #expect(none.value == 0 && none.interval == nil)
  }

  @Test func aDifferenceOnAllPostsHasNoEmptyInterval() {
    let all = [PairedPatternBootstrap.Pattern(truth: "yes", first: "yes", second: "no", count: 40)]
    let difference = PairedPatternBootstrap(all, labels: ["no", "yes"]).difference(in: accuracy)
    #expect(difference.value == 1 && difference.interval == nil)
  }
}
