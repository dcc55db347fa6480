import Archives
import Explanation
import GoldenModels
import Inputs
import Models
import Testing

/// Explanations against the reference's own layers (`Data/make_explanations.py`).
@Suite struct ExplainerTests {
  /// A small model and posts of ModelsTests, with the reference's results.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var testDescription: String { name }

    static let all = [
      "mean-2", "cls-3", "max-3-no-knowledge", "mean-5-no-knowledge", "co-attention-3", "concat-3",
    ].map(Case.init(name:))

    private static let tests = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    private var model: String { "\(Self.tests)/ModelsTests/Data/\(name)" }

    func folder() throws -> ModelFolder { try ModelFolder.load(model) }

    /// The reference's numbers of one post.
    func expected(_ stage: String, _ post: Int) throws -> [Float]? {
      let file = try Safetensors(path: "\(Self.tests)/ExplanationTests/Data/\(name).safetensors")
      return file["\(stage).\(post)"].map(file.floats)
    }

    /// The posts, without padding.
    func posts() throws -> [PostInputs] {
      let posts = try GoldenTensors(path: "\(model)/batch.safetensors").posts
      #expect(posts.count == 6)
      return posts
    }
  }

  /// Explains a post whose only word, as in the goldens, is the piece after `[CLS]`.
  static func explain(_ post: PostInputs, _ explainer: Explainer, threads: Int = 2) throws -> Explanation {
    let words = [TokenizedWords.Word(bytes: Array("word".utf8), pieces: 1..<2)]
    let text = TokenizedText(ids: post.text, pieces: post.text.count - 2, unknown: 0, truncated: 0)
    return try explainer(
      post, spelled: TokenizedWords(text: text, words: words), names: PieceNames(bytes: []), threads: threads)
  }

  private func expectClose(_ found: [Float], _ expected: [Float]?, within bound: Float = 1e-5, _ what: String) throws {
    let expected = try #require(expected, "the reference has \(what)")
    #expect(found.count == expected.count, "\(what)")
    let difference = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference <= bound, "\(what): \(difference)")
  }

  @Test(arguments: Case.all) func everyNumberEqualsTheReference(example: Case) throws {
    let folder = try example.folder()
    let explainer = try Explainer(folder: folder, precision: .f32)
    for (index, post) in try example.posts().enumerated() {
      let explanation = try Self.explain(post, explainer)
      try expectClose(explanation.probabilities, example.expected("whole", index), "whole of post \(index)")
      for occlusion in explanation.occlusions {
        let part: String =
          switch occlusion.part {
          case .word: "word"
          case .text: "text"
          case .picture: "picture"
          case .knowledge: "knowledge"
          case .features(let stream): stream
          }
        try expectClose(
          occlusion.probabilities, example.expected("without_\(part)", index), "post \(index) without its \(part)")
      }
      #expect(explanation.occlusions.contains { $0.part == .picture } == (post.pixels != nil))
      #expect((explanation.cosines != nil) == (post.pixels != nil))
      if let cosines = explanation.cosines {
        try expectClose(cosines.values, example.expected("cosines", index), "cosines of post \(index)")
      }
      switch explanation.looking {
      case .attention(let layers):
        #expect(layers.count == folder.configuration.fusionLayers)
        for (layer, map) in layers.enumerated() {
          try expectClose(map.values, example.expected("attention_\(layer)", index), "layer \(layer) of post \(index)")
        }
      case .coAttention(let maps):
        try expectClose(maps.affinity.values, example.expected("affinity", index), "affinity of post \(index)")
        try expectClose(maps.pieceWeights, example.expected("piece_weights", index), "pieces of post \(index)")
        try expectClose(maps.tokenWeights, example.expected("token_weights", index), "tokens of post \(index)")
      case .nowhere(let reason):
        #expect(reason == (post.pixels == nil ? .noPicture : .aggregation(folder.configuration.aggregation)))
      }
    }
  }

  /// The answer has the same bits as in an unobserved pass, and a piece's attention sums to 1.
  @Test(
    arguments: ["mean-2", "cls-3", "max-3-no-knowledge", "co-attention-3"].map(Case.init(name:)),
    Precision.allCases.filter(\.isSupported))
  func observingChangesNoBit(example: Case, precision: Precision) throws {
    let folder = try example.folder()
    let explainer = try Explainer(folder: folder, precision: precision)
    let classifier = try PostClassifier(folder: folder, precision: precision)
    for post in try example.posts() where post.pixels != nil {
      let explanation = try Self.explain(post, explainer)
      let alone = try classifier([post], using: classifier.makeWorkspace())
      #expect(explanation.precision == precision && explanation.probabilities == alone[0].probabilities)
      switch explanation.looking {
      case .attention(let layers):
        #expect(layers.count == folder.configuration.fusionLayers)
        for map in layers {
          #expect(map.pieces == post.text.count)
          for piece in 0..<map.pieces { #expect(abs(map[piece].reduce(0, +) - 1) <= 1e-5) }
        }
      case .coAttention(let maps):
        #expect(abs(maps.pieceWeights.reduce(0, +) - 1) <= 1e-5 && abs(maps.tokenWeights.reduce(0, +) - 1) <= 1e-5)
        #expect(maps.affinity.pieces == post.text.count)
      case .nowhere(let reason): Issue.record("\(reason)")
      }
    }
  }

  /// Attention is that of the pass at its precision: close to the reference's, but not equal.
  @Test(arguments: ["mean-2", "cls-3"].map(Case.init(name:)))
  func attentionIsComputedAtThePrecision(example: Case) throws {
    guard Precision.bf16.isSupported else { return }
    let folder = try example.folder(), explainer = try Explainer(folder: folder, precision: .bf16)
    var differences: [Float] = []
    for (index, post) in try example.posts().enumerated() where post.pixels != nil {
      guard case .attention(let layers) = try Self.explain(post, explainer).looking else { continue }
      for (layer, map) in layers.enumerated() {
        let expected = try #require(try example.expected("attention_\(layer)", index))
        differences += zip(map.values, expected).map { abs($0 - $1) }
      }
    }
    let largest = try #require(differences.max())
    #expect(largest > 1e-6 && largest < 0.05, "\(largest)")
  }

  @Test func threadsMakeNoDifference() throws {
    let example = Case(name: "mean-2"), folder = try example.folder()
    let explainer = try Explainer(folder: folder, precision: .f32), post = try example.posts()[0]
    #expect(
      try Self.explain(post, explainer, threads: 1).occlusions == Self.explain(post, explainer, threads: 4).occlusions)
  }

  @Test func anotherModelIsRejected() throws {
    let folder = try Case(name: "mean-2").folder()
    try folder.check(isScorer: "mean-2", fingerprint: folder.fingerprint)
    let error = #expect(throws: ExplanationError.self) { try folder.check(isScorer: "other", fingerprint: "abc") }
    let words = "\(try #require(error))"
    #expect(words.contains("abc") && words.contains(folder.fingerprint.prefix(12)) && words.contains("other"))
  }

  @Test func aRequestToStopIsObeyed() throws {
    let example = Case(name: "mean-2"), folder = try example.folder()
    let explainer = try Explainer(folder: folder, precision: .f32), post = try example.posts()[0]
    let text = TokenizedText(ids: post.text, pieces: post.text.count - 2, unknown: 0, truncated: 0)
    #expect(throws: ExplanationError.interrupted) {
      try explainer(post, spelled: TokenizedWords(text: text, words: []), names: PieceNames(bytes: [])) { true }
    }
  }
}
