import Bytes
import Evaluation
import Testing

@Suite struct CalibrationTests {
  /// Posts of two labels, nine in ten of them right, from a model with confidence 0.99.
  private static func posts(_ counts: (Int, Int), hasProbabilities: Bool = true) -> LabelledPosts {
    var posts = LabelledPosts(labels: ["a", "b"])
    for place in 0..<(counts.0 + counts.1) {
      let truth = place < counts.0 ? 0 : 1, predicted = place % 10 == 0 ? 1 - truth : truth
      let sure = predicted == 0 ? [0.99, 0.01] : [0.01, 0.99]
      posts.add(truth: truth, predicted: predicted, probabilities: hasProbabilities ? sure : [.nan, .nan])
    }
    return posts
  }

  @Test func enoughPostsAreFitted() throws {
    let fit = try CalibrationFit(Self.posts((40, 10)), positive: 1)
    #expect(try #require(fit.rule.scaling).temperature > 1)
    #expect(fit.rule.thresholds?.count == 2 && fit.gains.contains { $0.measure == "log_loss" && $0.after < $0.before })
    #expect(try CalibrationFit(Self.posts((40, 10)), positive: nil).rule.thresholds == nil)
  }

  /// The probabilities are right as they are, so a temperature fitted to some of the posts is worse for the others.
  @Test func scoresOfHeldOutPostsThatGetWorseAreNamed() throws {
    var posts = LabelledPosts(labels: ["a", "b"])
    for place in 0..<600 {
      let predicted = place % 3 == 0 ? 1 : 0
      posts.add(
        truth: place % 4 == 0 ? 1 - predicted : predicted, predicted: predicted,
        probabilities: predicted == 0 ? [0.75, 0.25] : [0.25, 0.75])
    }
    let worse = try CalibrationFit(posts, positive: 1).worse
    #expect(worse.contains { $0.measure == "log_loss" && $0.after > $0.before })
    #expect(try CalibrationFit(Self.posts((40, 10)), positive: nil).worse.isEmpty)
  }

  /// Many posts share a probability, as those of annotators' votes do; rounding must not decide about all of them.
  @Test func aThresholdLiesBetweenProbabilities() throws {
    var posts = LabelledPosts(labels: ["a", "b"])
    for place in 0..<200 {
      let truth = place % 2
      posts.add(truth: truth, predicted: 0, probabilities: truth == 1 ? [0.52, 0.48] : [0.9, 0.1])
    }
    let fit = try CalibrationFit(posts, positive: 1)
    let scaling = try #require(fit.rule.scaling), thresholds = try #require(fit.rule.thresholds)
    var (low, high) = ([0.9, 0.1], [0.52, 0.48])
    scaling.apply(&low)
    scaling.apply(&high)
    #expect(low[1] < thresholds[1] && thresholds[1] < high[1] && fit.worse.isEmpty)
    #expect(fit.gains.contains { $0.measure == "binary_f1" && $0.before == 0 && $0.after == 1 })
  }

  @Test(arguments: [((39, 10), 2), ((60, 9), 1), ((100, 0), 1), ((9, 9), 0)])
  func fewPostsAreNot(counts: (Int, Int), common: Int) {
    let error = CalibrationError.tooFew(posts: counts.0 + counts.1, commonLabels: common)
    #expect(throws: error) { try CalibrationFit(Self.posts(counts), positive: 1) }
  }

  /// A true label that the model does not know counts neither as a post nor as a label.
  @Test func aLabelThatTheModelDoesNotKnowDoesNotCount() {
    var posts = Self.posts((40, 9))
    for _ in 0..<20 { posts.add(truth: 2, predicted: 0, probabilities: [0.9, 0.1]) }
    posts.name(["a", "b", "c"])
    #expect(throws: CalibrationError.tooFew(posts: 49, commonLabels: 1)) { try CalibrationFit(posts, positive: 1) }
  }

  @Test func labelsAloneCannotBeFitted() {
    #expect(throws: CalibrationError.noProbabilities) {
      try CalibrationFit(Self.posts((40, 40), hasProbabilities: false), positive: 1)
    }
  }

  @Test func theErrorGivesTheCounts() {
    #expect(
      CalibrationError.tooFew(posts: 1, commonLabels: 0).description
        == "1 post with a true label that the model knows, and 0 labels with 10 of them or more; a calibration needs 50 "
        + "posts and two such labels")
  }
}
