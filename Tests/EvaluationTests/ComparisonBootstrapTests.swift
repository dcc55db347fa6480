import Evaluation
import Testing

@Suite struct ComparisonBootstrapTests {
  private let patterns = [
    ComparisonBootstrap.Pattern(truth: "no", first: "no", second: "no", count: 400),
    ComparisonBootstrap.Pattern(truth: "yes", first: "yes", second: "no", count: 60),
    ComparisonBootstrap.Pattern(truth: "yes", first: "no", second: "yes", count: 40),
    ComparisonBootstrap.Pattern(truth: "unsure", first: "no", second: "yes", count: 20),
  ]

  private func accuracy(_ matrix: ConfusionMatrix) -> Double { ClassificationMetrics(matrix).accuracy.value }

  @Test func theDifferenceIsThatOfThePosts() {
    let bootstrap = ComparisonBootstrap(patterns, labels: ["no", "yes"])
    let difference = bootstrap.difference(in: accuracy)
    #expect(abs(difference.value - 20.0 / 520) < 1e-12)
    // The deviation of a paired difference is √(b + c − (b − c)² / n) / n; the ends lie about 1.96 of it away.
    let deviation = (100 - 400.0 / 520).squareRoot() / 520
    #expect(abs(difference.low - (difference.value - 1.96 * deviation)) < 0.15 * deviation)
    #expect(abs(difference.high - (difference.value + 1.96 * deviation)) < 0.15 * deviation)
  }

  @Test func itIsThatOfThePostByPostBootstrap() {
    let labels = ["no": 0, "yes": 1, "unsure": 2]
    var posts: (truths: [Int], first: [Int], second: [Int]) = ([], [], [])
    for pattern in patterns {
      posts.truths += Array(repeating: labels[pattern.truth] ?? 0, count: pattern.count)
      posts.first += Array(repeating: labels[pattern.first] ?? 0, count: pattern.count)
      posts.second += Array(repeating: labels[pattern.second] ?? 0, count: pattern.count)
    }
    let other = PairedBootstrap(
      truths: posts.truths, first: [posts.second], second: [posts.first], labels: 3, draws: 4000)
    let own = ComparisonBootstrap(patterns, labels: ["no", "yes"], draws: 4000)
      .difference { ClassificationMetrics($0).macro.f1.value }
    let width = other.high - other.low
    #expect(abs(own.value - other.difference) < 1e-12)
    #expect(abs(own.low - other.low) < 0.06 * width && abs(own.high - other.high) < 0.06 * width)
  }

  @Test func theSameSeedGivesTheSameAndNothingIsNothing() {
    let one = ComparisonBootstrap(patterns, labels: ["no", "yes"], draws: 50, seed: 7)
    let two = ComparisonBootstrap(patterns, labels: ["no", "yes"], draws: 50, seed: 7)
    #expect(one.difference(in: accuracy) == two.difference(in: accuracy))
    let none = ComparisonBootstrap([], labels: ["no"]).difference(in: accuracy)
    #expect(none.value == 0 && none.interval == nil)
  }

  @Test func aDifferenceOfAllPostsHadAnIntervalWithoutWidth() {
    let all = [ComparisonBootstrap.Pattern(truth: "yes", first: "yes", second: "no", count: 40)]
    let difference = ComparisonBootstrap(all, labels: ["no", "yes"]).difference(in: accuracy)
    #expect(difference.value == 1 && difference.interval == nil)
  }
}
