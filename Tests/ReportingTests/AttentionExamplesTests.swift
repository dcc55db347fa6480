import Explanation
import Reporting
import Results
import ResultsFixtures
import Testing

/// Which posts worth a look are computed again.
@Suite struct AttentionExamplesTests {
  private struct Stopped: Error {}

  @Test func postsWithAPictureAndTheShownTextAreComputed() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"])
      try database.insertRun(name: "posts", files: ["posts.csv": 4])
      try database.insert([
        TestRow(key: "1", text: "one and more", truth: "no", predicted: "no"),
        TestRow(key: "2", text: "two", image: nil, truth: "no", predicted: "no", state: "without_picture"),
        TestRow(key: "3", text: "three", truth: "no", predicted: "no"),
        TestRow(key: "4", text: "four", truth: "no", predicted: "yes"),
      ])
    }
    let reader = try store.reader()
    var limits = ReportLimits()
    limits.notable = 1
    let first = try #require(try ReportData.load(from: reader, limits: limits).shown.notable.first)
    let notable = [("1", "one"), ("2", "two"), ("3", "other"), ("none", "four"), ("4", "four")].map { key, text in
      var post = first
      (post.post.key, post.post.text) = (key, text)
      return post
    }
    var computed: [String] = []
    func compute(count: Int) throws -> (posts: [AttentionExamples.Post], lacksFile: Bool) {
      try AttentionExamples.compute(notable, count: count) { shown in
        shown.key == "none" ? nil : try reader.scoredPost(shown.key, run: "posts")
      } explain: { post in
        computed.append(post.key)
        return ExplainedPost(post: post, pictureStatus: .lacking(reason: "no folder"), explanation: nil)
      }
    }
    let found = try compute(count: 9)
    #expect(found.posts.isEmpty && found.lacksFile && computed == ["1", "4"])
    computed = []
    let none = try compute(count: 0)
    #expect(none.posts.isEmpty && !none.lacksFile && computed.isEmpty)
    #expect(throws: Stopped.self) {
      try AttentionExamples.compute(notable, count: 1) { _ in
        throw Stopped()
      } explain: { post in
        ExplainedPost(post: post, pictureStatus: .none, explanation: nil)
      }
    }
  }
}
