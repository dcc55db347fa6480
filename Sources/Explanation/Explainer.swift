import Bytes
internal import Dispatch
package import Inputs
package import Models
internal import Synchronization
internal import Tensors

/// Explains single posts: the attention of words to patches, and the prediction without each part.
///
/// Everything is computed at one precision: at that of the scorer the prediction equals the stored one. Attention is
/// observed in the forward pass that gives the prediction.
package struct Explainer: Sendable {
  /// The number format of the model's matrix products.
  package let precision: Precision
  let folder: ModelFolder
  let classifier: PostClassifier
  private static let batch = 8

  /// Loads a model.
  package init(folder: ModelFolder, precision: Precision) throws(ExplanationError) {
    do {
      classifier = try PostClassifier(folder: folder, precision: precision)
    } catch {
      throw .model(error)
    }
    (self.folder, self.precision) = (folder, precision)
  }

  /// Explains a post.
  ///
  /// Takes a forward pass for each word and for each other part; the picture is encoded once.
  ///
  /// - Parameters:
  ///   - post: the model's inputs, with the picture's numbers if it has one.
  ///   - spelled: the pieces of its text and their words.
  ///   - names: the vocabulary's pieces.
  ///   - threads: the number of workers for the predictions without a part, each with its own workspace.
  ///   - shouldStop: called before each batch of posts.
  /// - Returns: the explanation.
  /// - Throws: `interrupted` if `shouldStop` returns true; errors of the model.
  package func callAsFunction(
    _ post: PostInputs, spelled: TokenizedWords, names: PieceNames, threads: Int = 1,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(ExplanationError) -> Explanation {
    try checkBytes(of: post)
    let (scores, pass) = try score(post)
    guard let scores, let best = scores.best else { throw .notFinite }
    if shouldStop() { throw .interrupted }
    let look = look(pass)
    let configuration = classifier.configuration
    return Explanation(
      labels: configuration.labelNames, probabilities: scores.probabilities, predicted: best,
      textPictureSimilarity: scores.textImageSimilarity, pieces: pieces(post.text, spelled, names),
      words: spelled.words.map {
        Explanation.Word(text: String(decoding: $0.bytes, as: UTF8.self), pieces: $0.pieces)
      }, patches: PatchGrid(configuration.image), looking: look.looking,
      cosines: Self.cosines(pass.text, pass.picture), streams: look.streams,
      occlusions: try occlusions(of: post, spelled.words.map(\.pieces), threads, shouldStop),
      alignment: AlignmentTraining(folder: folder),
      learntWithoutPicture: configuration.learntWithoutPicture, precision: precision,
      aggregation: configuration.aggregation)
  }

  /// The size of the maps of pieces × picture tokens that an explanation keeps for each layer, in bytes.
  package static func mapBytes(_ configuration: ModelConfiguration, pieces: Int) -> Int {
    let layers =
      switch configuration.aggregation {
      case .crossAttention: configuration.fusionLayers * (configuration.fusionHeads + 1)
      case .coAttention: 4
      case .concat, .gated, .text, .image: 0
      }
    return Int(min(4 * Double(layers) * Double(pieces) * Double(configuration.image.tokens), 1e15))
  }

  private func checkBytes(of post: PostInputs) throws(ExplanationError) {
    guard post.pixels != nil else { return }
    let bytes = Self.mapBytes(classifier.configuration, pieces: post.text.count)
    guard bytes > ModelConfiguration.postByteLimit else { return }
    throw .model(
      .configuration(
        path: folder.path + "/config.json",
        .needsTooMuch(
          bytes: bytes, limit: ModelConfiguration.postByteLimit,
          keys: ["tokenizer.max_text", "image.image_size", "image.patch_size"])))
  }

  private func score(_ post: PostInputs) throws(ExplanationError) -> (PostScores?, ObservedPass) {
    do {
      return try ObservedPass.score(post, classifier)
    } catch {
      throw .model(error)
    }
  }

  private func pieces(_ ids: [Int32], _ spelled: TokenizedWords, _ names: PieceNames) -> [Explanation.Piece] {
    var words = [Int?](repeating: nil, count: ids.count)
    for (index, word) in spelled.words.enumerated() {
      for piece in word.pieces where words.indices.contains(piece) { words[piece] = index }
    }
    return zip(ids, words).map { Explanation.Piece(text: names[$0] ?? "#\($0)", word: $1) }
  }

  private func occlusions(
    of post: PostInputs, _ words: [Range<Int>], _ threads: Int, _ shouldStop: @escaping @Sendable () -> Bool
  ) throws(ExplanationError) -> [Occlusion] {
    var post = post
    // Equal pictures are encoded once; there is only one here.
    if post.pixels != nil, post.pictureIdentity == nil { post.pictureIdentity = [] }
    let configuration = classifier.configuration
    let variants = post.occluded(
      words: words, readsKnowledge: configuration.aggregation.readsKnowledge,
      streams: configuration.features.map(\.name))
    let batches = stride(from: 0, to: variants.count, by: Self.batch).map { $0..<min($0 + Self.batch, variants.count) }
    let cache = EncoderCache(bytes: 64 << 20), work = OcclusionQueue(batches: batches.count)
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, batches.count))) { _ in
      OneDNN.useOneThread()
      let workspace = classifier.makeWorkspace()
      while let index = work.next() {
        guard !shouldStop() else { return work.settle(index, .failure(.interrupted)) }
        let chosen = variants[batches[index]]
        do throws(ModelError) {
          work.settle(
            index, .success(try classifier(chosen.map(\.post), reusing: cache, using: workspace).map(\.probabilities)))
        } catch {
          work.settle(index, .failure(.model(error)))
        }
      }
    }
    let probabilities = try work.results()
    guard probabilities.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .notFinite }
    return zip(variants, probabilities).map { Occlusion(part: $0.part, probabilities: $1) }
  }
}

/// Batches that threads take in turn, and their results.
private final class OcclusionQueue: Sendable {
  private struct State {
    var next = 0
    var results: [Result<[[Float]], ExplanationError>?]
  }

  private let state: Mutex<State>

  init(batches: Int) { state = Mutex(State(results: Array(repeating: nil, count: batches))) }

  /// The next batch to do; nil when all are taken, or one failed.
  func next() -> Int? {
    state.withLock { state in
      let failed = state.results.contains { if case .failure? = $0 { true } else { false } }
      guard state.next < state.results.count, !failed else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func settle(_ index: Int, _ result: Result<[[Float]], ExplanationError>) {
    state.withLock { $0.results[index] = result }
  }

  /// The results of all batches, in their order.
  func results() throws(ExplanationError) -> [[Float]] {
    let settled = state.withLock { $0.results.compactMap(\.self) }
    // A failure prevents later batches from being started.
    for case .failure(let error) in settled { throw error }
    var results: [[Float]] = []
    for result in settled { results += try result.get() }
    return results
  }
}

extension Explainer {
  /// The attention of a post's text to its picture and to its feature streams.
  func look(_ pass: ObservedPass) -> (looking: CrossModalAttention, streams: [StreamAttention]) {
    let configuration = classifier.configuration
    guard let text = pass.text else { return (.nowhere(.noPicture), []) }
    switch configuration.aggregation {
    case .crossAttention:
      let streams = configuration.features.compactMap { stream -> StreamAttention? in
        guard let cosines = Self.cosines(text, pass.tokens(of: stream.name)) else { return nil }
        return StreamAttention(
          name: stream.name, attention: pass.maps(of: stream.name, layers: configuration.fusionLayers),
          cosines: cosines)
      }
      guard pass.picture != nil else { return (.nowhere(.noPicture), streams) }
      return (.attention(pass.maps(of: "image", layers: configuration.fusionLayers)), streams)
    case .coAttention:
      guard pass.picture != nil, let maps = pass.coAttention else { return (.nowhere(.noPicture), []) }
      return (.coAttention(maps), [])
    case .concat, .gated, .text, .image:
      return (.nowhere(pass.picture == nil ? .noPicture : .aggregation(configuration.aggregation)), [])
    }
  }

  /// The cosine of every piece and every token or row; nil if either is missing.
  static func cosines(_ text: [[Float]]?, _ others: [[Float]]?) -> TokenMap? {
    guard let text, let others, !others.isEmpty else { return nil }
    let values = text.flatMap { piece in
      others.map { token in
        let cosine = VectorMath.cosine(piece, token)
        // Tokens of zeros have no direction.
        return cosine.isFinite ? cosine : 0
      }
    }
    return TokenMap(tokens: others.count, values: values)
  }
}

/// The values observed in the forward pass of one post: its tokens in the shared space, and the attention weights that
/// an explanation shows.
final class ObservedPass: AttentionObserver {
  /// Rows of tokens by the stage's name; a stage that the post does not have is missing.
  private var stages: [String: [[Float]]] = [:]
  private var weights: [AttentionSource: TokenMap] = [:]
  private let streams: Set<String>

  private init(_ configuration: ModelConfiguration) {
    streams =
      switch configuration.aggregation {
      case .crossAttention: Set(["image"] + configuration.features.map(\.name))
      case .coAttention: Set([CoAttention.affinity, CoAttention.textWeights, CoAttention.imageWeights].map(\.stream))
      case .concat, .gated, .text, .image: []
      }
  }

  /// Scores a post and keeps the observed values.
  static func score(
    _ post: PostInputs, _ classifier: PostClassifier
  ) throws(ModelError) -> (scores: PostScores?, pass: ObservedPass) {
    let workspace = classifier.makeWorkspace(), pass = ObservedPass(classifier.configuration)
    workspace.onStage = { name, stage, spans in
      guard spans.count == 1, name.hasSuffix("_tokens") else { return }
      pass.stages[name] = spans[0].map { stage.values(ofRow: $0) }
    }
    workspace.attentionObserver = pass
    // Without a cache every part is encoded, so every stage is reported.
    let scores = try classifier([post], using: workspace)
    return (scores.first, pass)
  }

  func observes(_ layer: AttentionSource) -> Bool { streams.contains(layer.stream) }

  func observe(_ weights: AttentionWeights, of layer: AttentionSource, sequence: Int) {
    self.weights[layer] = TokenMap(tokens: weights.keys, values: weights.mean)
  }

  /// The text's projected tokens, T × D.
  var text: [[Float]]? { tokens(of: "text") }
  /// The picture's projected tokens, P × D; nil for a post without one.
  var picture: [[Float]]? { tokens(of: "image") }

  /// The projected tokens of a stream; nil for a post that has none.
  func tokens(of stream: String) -> [[Float]]? { stages["\(stream)_tokens"] }

  /// For each fusion layer, the text's attention to a stream, as the mean of the heads.
  func maps(of stream: String, layers: Int) -> [TokenMap] {
    (0..<layers).compactMap { weights[AttentionSource(index: $0, stream: stream)] }
  }

  /// The co-attention maps of text and picture.
  var coAttention: CoAttentionMaps? {
    guard let affinity = weights[CoAttention.affinity], let pieces = weights[CoAttention.textWeights],
      let tokens = weights[CoAttention.imageWeights]
    else { return nil }
    return CoAttentionMaps(affinity: affinity, pieceWeights: pieces.values, tokenWeights: tokens.values)
  }
}
