import Bytes
import Explanation
import Foundation
import GRDB
import Models
import Reporting
import Results
import ResultsFixtures
import TestSupport
import Testing

/// Which posts to review are computed again.
@Suite struct AttentionExamplesTests {
  private struct Stopped: Error {}

  @Test func postsWithAPictureAndTheShownTextAreComputed() throws {
    let store = try TestStore(
      rows: [
        TestRow(key: "1", text: "one and more", truth: "no", predicted: "no"),
        TestRow(key: "2", text: "two", image: nil, truth: "no", predicted: "no", state: "without_picture"),
        TestRow(key: "3", text: "three", truth: "no", predicted: "no"),
        TestRow(key: "4", text: "four", truth: "no", predicted: "yes"),
      ])
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

  /// A store with one wrong prediction for a picture of the samples, as if their model had scored it.
  private func sampleStore() throws -> TestStore {
    let image = "images/test-00001.png"
    let store = try TestStore(rows: [TestRow(key: "1", text: "a fine day", image: image, truth: "yes")])
    let hash = SHA256.hash(data: [UInt8](try Data(contentsOf: URL(filePath: Checkout.samples + "/" + image))))
    try store.write { try $0.execute(sql: "UPDATE post SET picture_hash = ?", arguments: [hash.hexadecimal]) }
    return store
  }

  private func outcome(
    _ store: TestStore, _ pictures: PictureRequest.Showing = .show, _ redaction: Redaction = [], images: String? = nil,
    shouldStop: Bool = false
  ) throws -> AttentionExamples.Outcome {
    let reader = try store.reader()
    var limits = ReportLimits()
    limits.notable = 3
    let data = try ReportData.load(from: reader, limits: limits, pictures: PictureRequest(showing: pictures))
    return try AttentionExamples.compute(
      data, count: 3, redaction: redaction, model: try ModelFolder.load(Checkout.samples + "/model"), images: images,
      features: nil, scored: { try reader.scoredPost($0, run: data.run.name.text) }, shouldStop: { shouldStop })
  }

  @Test func aReportsPostsAreComputedWithTheirPictures() throws {
    let store = try sampleStore()
    guard case .posts(let posts) = try outcome(store, images: Checkout.samples) else {
      Issue.record("no posts")
      return
    }
    #expect(posts.map(\.explained.post.key) == ["1"] && posts.first?.explained.explanation != nil)
    guard case .missingFiles(hasFeatures: false) = try outcome(store) else {
      Issue.record("the picture is not where the run had it")
      return
    }
  }

  @Test func hiddenPicturesAndTextsAreNotComputed() throws {
    let store = try sampleStore()
    for pictures in [PictureRequest.Showing.blur, .none] {
      guard case .hiddenPictures = try outcome(store, pictures, images: Checkout.samples) else {
        Issue.record("\(pictures)")
        return
      }
    }
    guard case .redactedTexts = try outcome(store, .show, .handles, images: Checkout.samples) else {
      Issue.record("redacted texts")
      return
    }
    #expect(throws: ExplanationError.interrupted) { try outcome(store, images: Checkout.samples, shouldStop: true) }
  }
}
