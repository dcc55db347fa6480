import Bytes
import Testing

import Evaluation

@Suite struct LabelAgreementTests {
  @Test func alphaEqualsKrippendorffs() throws {
    for golden in try ShareGoldens.load().agreement {
      let agreement = LabelAgreement(golden.posts, labels: golden.labels)
      let alpha = try #require(agreement.alpha), interval = try #require(agreement.alphaInterval(draws: 300))
      #expect(abs(alpha - golden.alpha) < 1e-12)
      #expect(interval.low < alpha && alpha < interval.high)
      #expect(agreement.posts == golden.posts.count { $0.count > 1 })
    }
  }

  @Test func kappaEqualsScikitLearns() throws {
    for golden in try ShareGoldens.load().agreement {
      guard let expected = golden.kappa else { continue }
      let names = (0..<golden.labels).map { ByteText("\($0)") }
      var matrix = ConfusionMatrix(labels: names)
      for post in golden.posts where post.count == 2 { matrix.add(truth: names[post[0]], predicted: names[post[1]]) }
      let kappa = try #require(matrix.cohensKappa), interval = try #require(matrix.kappaInterval(draws: 300))
      #expect(abs(kappa - expected) < 1e-12 && interval.low < kappa && kappa < interval.high)
    }
  }

  @Test func rawAgreementIsTheMeanOverPosts() {
    // 3 of 3 pairs, 1 of 3 pairs, and a post with one annotator.
    let agreement = LabelAgreement([[0, 0, 0], [0, 1, 1], [1]], labels: 2)
    #expect(agreement.posts == 2 && abs((agreement.raw ?? 0) - 2.0 / 3) < 1e-12)
  }

  @Test func labelsThatAreAllTheSameHaveNoAlpha() {
    let same = LabelAgreement([[1, 1], [1, 1, 1]], labels: 2)
    #expect(same.raw == 1 && same.alpha == nil && same.alphaInterval() == nil)
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    matrix.add(truth: "a", predicted: "a", count: 5)
    #expect(matrix.cohensKappa == nil && LabelAgreement([], labels: 2).raw == nil)
  }
}
