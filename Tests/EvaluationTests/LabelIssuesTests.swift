import Bytes
import Testing

import Evaluation

@Suite struct LabelIssuesTests {
  @Test func theRankingEqualsCleanlabs() throws {
    for golden in try ShareGoldens.load().issues {
      let names = golden.probabilities[0].indices.map { ByteText("label \($0)") }
      var posts = LabelledPosts(labels: names)
      for (given, row) in zip(golden.given, golden.probabilities) {
        posts.add(truth: given, predicted: LabelledPosts.likeliest(row), probabilities: row)
      }
      let found = LabelIssues.find(posts)
      #expect(!golden.issues.isEmpty && found.map(\.post) == golden.issues)
      #expect(found.allSatisfy { $0.given == golden.given[$0.post] && $0.likely != $0.given })
    }
  }

  @Test func postsThatCannotBeJudgedAreLeftOut() {
    var posts = LabelledPosts(labels: ["a", "b"])
    for _ in 0..<5 { posts.add(truth: 0, predicted: 0, probabilities: [0.9, 0.1]) }
    for _ in 0..<5 { posts.add(truth: 1, predicted: 1, probabilities: [0.2, 0.8]) }
    posts.add(truth: 0, predicted: 1, probabilities: [0.05, 0.95])
    posts.add(truth: 0, predicted: 1, probabilities: [.nan, .nan])
    posts.add(truth: 2, predicted: 1, probabilities: [0.05, 0.95])
    posts.name(["a", "b", "c"])
    #expect(LabelIssues.find(posts).map(\.post) == [10])
    #expect(LabelIssues.find(LabelledPosts(labels: ["a", "b"])).isEmpty)
  }
}
