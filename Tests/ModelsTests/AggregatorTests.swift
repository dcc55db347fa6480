import Archives
import Bytes
import Models
import Tensors
import Testing

/// The inputs of each aggregation; the tests of whole models compare its numbers with the reference.
@Suite struct AggregatorTests {
  private func scores(_ name: String, _ change: (inout PostInputs) -> Void = { _ in }) throws -> [PostScores] {
    let golden = Golden(name: name), classifier = try golden.classifier()
    var posts = try golden.posts()
    for index in posts.indices { change(&posts[index]) }
    return try classifier(posts, using: classifier.makeWorkspace())
  }

  private func vector(_ space: String, _ scores: PostScores) -> [Float]? {
    scores.vectors.first { $0.space == space }?.values
  }

  @Test func aSingleModalityIsTheMeanOfItsTokens() throws {
    for score in try scores("text-3-no-knowledge") { #expect(vector("fused", score) == vector("text", score)) }
    let pictures = try scores("image-2")
    #expect(pictures.map { vector("image", $0) == nil } == [true, true, false, false, false, false])
    for score in pictures {
      #expect(vector("fused", score) == vector("image", score) ?? [Float](repeating: 0, count: 16))
    }
  }

  @Test(arguments: ["text-3-no-knowledge", "image-2"]) func theOtherModalityMakesNoDifference(name: String) throws {
    let expected = try scores(name).map(\.logits)
    let changed = try scores(name) { post in
      if name.hasPrefix("text") { post.pixels = nil } else { post.text = [2, 17, 3] }
    }
    #expect(changed.map(\.logits) == expected)
  }

  /// Knowledge that is not read costs nothing.
  @Test(arguments: ["gated-2", "co-attention-3", "image-2", "concat-3", "mean-2"])
  func knowledgeIsReadWhereItCounts(name: String) throws {
    let golden = Golden(name: name), classifier = try golden.classifier(), workspace = classifier.makeWorkspace()
    func run(_ knowledge: [Int32]) throws -> (logits: [[Float]], operations: Int) {
      var posts = try golden.posts()
      for index in posts.indices {
        (posts[index].knowledge, posts[index].selfBias, posts[index].crossBias) = (knowledge, nil, nil)
      }
      let before = workspace.operations
      return (try classifier(posts, using: workspace).map(\.logits), workspace.operations - before)
    }
    let short = try run([2, 3]), long = try run([2] + Array(10..<30) + [3])
    let reads = classifier.configuration.aggregation.readsKnowledge
    #expect(reads == (name == "concat-3" || name == "mean-2"))
    #expect((short.logits != long.logits) == reads && (short.operations < long.operations) == reads)
  }

  /// A NaN stays a NaN, and affects only its own post.
  @Test(arguments: ["concat-3", "gated-2", "co-attention-3", "image-2"], Precision.supported)
  func notANumberStaysWithItsPost(name: String, precision: Precision) throws {
    let golden = Golden(name: name), classifier = try golden.classifier(precision), posts = try golden.posts()
    var spoiled = posts
    spoiled[3].pixels?[17] = .nan
    let workspace = classifier.makeWorkspace()
    let clean = try classifier(posts, using: workspace), scores = try classifier(spoiled, using: workspace)
    #expect(scores[3].logits.allSatisfy { $0.isNaN })
    for index in [0, 1, 2, 4, 5] { #expect(scores[index].logits == clean[index].logits) }
  }

  /// Layers applied to one row per post stay f32; layers applied to every token are quantised.
  @Test(
    .enabled(if: Precision.int8.isSupported),
    arguments: [
      ("concat-3", []), ("gated-2", []), ("co-attention-3", ["affinity", "image", "text"]),
    ])
  func theMatricesOfTokensAreQuantised(name: String, expected: [String]) throws {
    let made = try QuantisingTests.Made(Golden(name: name))
    let file = try Safetensors(path: made.path + "/weights.safetensors", isQuantised: true)
    let join = file.tensors.filter { $0.name.text.hasPrefix("join.") && $0.type == .i8 }
    #expect(join.map(\.name).sorted() == expected.map { "join.\($0).weight" as ByteText })
    #expect(try made.classifier().configuration.aggregation.rawValue == name.replacing(/-\d$/, with: ""))
  }

  @Test func aTensorOfAnotherAggregationIsNamed() throws {
    let folder = try TemporaryFolder(), golden = Golden(name: "concat-3")
    try folder.copy(golden)
    let text = try folder.text(of: "\(golden.path)/config.json")
    for (aggregation, words) in [
      ("gated", "has no tensor join.gate.weight of shape [16, 32]"),
      ("co-attention", "has no tensor join.affinity.weight of shape [16, 16]"),
      ("text", "join.fc1.bias belongs to no part of this model"),
      ("cross-attention", "has no tensor fusion.0.text.attention.query.weight of shape [16, 16]"),
    ] {
      try folder.write("config.json", text.replacing("\"concat\"", with: "\"\(aggregation)\""))
      let error = #expect(throws: ModelError.self) { try PostClassifier(folder: ModelFolder.load(folder.path)) }
      #expect("\(try #require(error))".contains(words))
    }
  }
}
