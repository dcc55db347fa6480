import Archives
import Bytes
import GoldenModels
import Models
import Tensors
import Evaluation
import Testing

@Suite struct PostClassifierTests {
  /// Every stage is within 1e-5 of the largest number of the reference's stage.
  @Test(arguments: Golden.all) func everyStageEqualsTheReference(golden: Golden) throws {
    let classifier = try golden.classifier(), posts = try golden.posts()
    let workspace = classifier.makeWorkspace(), recorder = StageRecorder()
    recorder.listen(to: workspace)
    let scores = try classifier(posts, using: workspace)

    let outputs = try golden.tensors("outputs")
    let pictured = posts.indices.filter { posts[$0].pixels != nil }
    var stages: [(name: String, posts: [Int], values: [[Float]])] = recorder.stages.map { name, values in
      (name, name.hasPrefix("image") ? pictured : Array(posts.indices), values)
    }
    stages.append(("logits", Array(posts.indices), scores.map(\.logits)))
    for (stage, space) in [("text_aligned", "text"), ("image_aligned", "image"), ("pooled", "fused")] {
      let vectors = scores.map { score in score.vectors.first { $0.space == space }?.values }
      stages.append(
        (stage, posts.indices.filter { vectors[$0] != nil }, vectors.compactMap { $0 }))
    }

    let unread = outputs.file.tensors.map(\.name.text).filter { name in !stages.contains { $0.name == name } }
    #expect(unread.isEmpty, "every stage of the reference is compared")
    for stage in stages {
      let expected = try #require(outputs[stage.name], "the reference has \(stage.name)")
      let largest = expected.map(abs).max() ?? 0
      #expect(largest > 0.01)
      #expect(stage.posts.count == stage.values.count)
      for (post, values) in zip(stage.posts, stage.values) {
        let reference = try #require(outputs.slice(stage.name, post)).prefix(values.count)
        #expect(!values.isEmpty && values.count == reference.count)
        let difference = zip(values, reference).map { abs($0 - $1) }.max() ?? .infinity
        #expect(difference <= 1e-5 * largest, "\(stage.name) of post \(post)")
      }
    }
  }

  /// A post's scores have the same bits alone and in any batch and order.
  @Test(arguments: Golden.all, Precision.supported)
  func aPostHasTheSameBitsInAnyBatch(golden: Golden, precision: Precision) throws {
    let classifier = try golden.classifier(precision), posts = try golden.posts()
    var variants = posts
    for index in posts.indices {
      var post = posts[index]
      post.pixels = index.isMultiple(of: 2) ? nil : posts[0].pixels ?? posts[3].pixels
      post.selfBias = nil
      post.crossBias = nil
      variants.append(post)
    }
    let workspace = classifier.makeWorkspace()
    let alone = try variants.map { bits(try #require(try classifier([$0], using: workspace).first)) }
    #expect(Set(alone).count > posts.count, "the posts differ")

    var random = SeededGenerator(seed: 7)
    for size in [2, 3, 7, 12, 31, 60, 100] {
      let chosen = (0..<size).map { _ in variants.indices.randomElement(using: &random) ?? 0 }
      // A fresh workspace and a used one.
      for workspace in [workspace, classifier.makeWorkspace()] {
        let together = try classifier(chosen.map { variants[$0] }, using: workspace)
        #expect(together.map(bits) == chosen.map { alone[$0] }, "\(size) posts")
      }
    }
  }

  @Test func threadsShareAClassifier() async throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(), posts = try golden.posts()
    let expected = try classifier(posts, using: classifier.makeWorkspace()).map(bits)
    let results = try await withThrowingTaskGroup(of: [[UInt32]].self) { group in
      for _ in 0..<4 {
        group.addTask {
          OneDNN.useOneThread()
          let workspace = classifier.makeWorkspace()
          var last: [[UInt32]] = []
          for _ in 0..<10 { last = try classifier(posts, using: workspace).map(bits) }
          return last
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results.count == 4)
    for result in results { #expect(result == expected) }
  }

  @Test func aPostWithoutAPictureHasNoPictureVectorAndNoSimilarity() throws {
    let golden = Golden(name: "cls-3")
    let classifier = try golden.classifier(), posts = try golden.posts()
    let scores = try classifier(posts, using: classifier.makeWorkspace())
    #expect(scores.map { $0.textImageSimilarity == nil } == [true, true, false, false, false, false])
    for (post, score) in zip(posts, scores) {
      #expect(score.vectors.map(\.space) == ["text", "image", "fused"])
      #expect((score.vectors[1].values == nil) == (post.pixels == nil))
      #expect(abs(score.probabilities.reduce(0, +) - 1) < 1e-6)
      if let similarity = score.textImageSimilarity { #expect(abs(similarity) <= 1) }
    }
  }

  @Test func noPostsNeedNoScores() throws {
    let classifier = try Golden(name: "mean-2").classifier()
    #expect(try classifier([], using: classifier.makeWorkspace()).isEmpty)
  }

  @Test func aWorkspaceStopsGrowing() throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(), posts = try golden.posts()
    let workspace = classifier.makeWorkspace(), many = Array(repeating: posts, count: 20).flatMap { $0 }
    _ = try classifier(many, using: workspace)
    _ = try classifier(many, using: workspace)
    let grown = workspace.bytes
    for size in [1, 50, 120, 7] { _ = try classifier(Array(many.prefix(size)), using: workspace) }
    #expect(workspace.bytes == grown)
  }

  /// A NaN stays a NaN, and affects only its own post.
  @Test(arguments: Precision.supported) func aNaNAffectsOnlyItsPost(precision: Precision) throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(precision), posts = try golden.posts()
    var spoiled = posts
    spoiled[1].pixels?[17] = .nan
    spoiled[4].crossBias?[3] = .nan
    let workspace = classifier.makeWorkspace()
    let clean = try classifier(posts, using: workspace), scores = try classifier(spoiled, using: workspace)
    for index in [1, 4] {
      #expect(scores[index].logits.allSatisfy { $0.isNaN })
      #expect(scores[index].probabilities.allSatisfy { $0.isNaN })
    }
    for index in [0, 2, 3, 5] { #expect(bits(scores[index]) == bits(clean[index])) }
  }

  @Test func inputsThatTheModelCantTakeAreNamed() throws {
    let golden = Golden(name: "mean-2")
    let classifier = try golden.classifier(), good = try golden.posts()[0]
    let words = good.text.count, known = good.knowledge?.count ?? 0
    let cases: [(InputError, (inout PostInputs) -> Void)] = [
      (.noTokens(stream: "text"), { $0.text = [] }),
      (.noTokens(stream: "knowledge"), { $0.knowledge = [] }),
      (.tokenOutOfRange(stream: "text", token: 200, size: 200), { $0.text[2] = 200 }),
      (.tokenOutOfRange(stream: "knowledge", token: -1, size: 200), { $0.knowledge?[0] = -1 }),
      (
        .tooManyTokens(stream: "text", count: 41, limit: 40),
        { $0.text = Array(repeating: 1, count: 41) }
      ),
      (.knowledge(expected: true), { $0.knowledge = nil }),
      (.pixelCount(found: 5, expected: 3072), { $0.pixels = [1, 2, 3, 4, 5] }),
      (.biasCount(name: "selfBias", found: 1, expected: words * words), { $0.selfBias = [0] }),
      (.biasCount(name: "crossBias", found: 0, expected: words * known), { $0.crossBias = [] }),
    ]
    for (fault, spoil) in cases {
      var bad = good
      spoil(&bad)
      #expect(throws: ModelError.inputs(index: 1, fault)) {
        try classifier([good, bad], using: classifier.makeWorkspace())
      }
    }
    let without = try Golden(name: "max-3-no-knowledge").classifier()
    #expect(throws: ModelError.inputs(index: 0, .knowledge(expected: false))) {
      try without([good], using: without.makeWorkspace())
    }
  }
}

/// Every number of a post's scores, as bits.
private func bits(_ score: PostScores) -> [UInt32] {
  let vectors = score.vectors.flatMap { $0.values ?? [] }
  return (score.logits + score.probabilities + vectors + [score.textImageSimilarity ?? -2]).map(\.bitPattern)
}
