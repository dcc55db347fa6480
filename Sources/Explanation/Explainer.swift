internal import Dispatch
package import Inputs
package import Models
internal import Synchronization
internal import Tensors

/// Explains single posts: which words look at which patches, and what the answer would be without each part.
///
/// Everything is computed at one precision, that of the scorer, so that the answer is the one that the store has; the
/// attention is computed again beside it in f32, from what the layers of that precision begin with.
package struct Explainer: Sendable {
  /// What the model is computed in.
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
  /// Takes a forward pass for each word and one more for each other part; the picture is encoded once.
  ///
  /// - Parameters:
  ///   - post: what the model reads of it, with the picture's numbers where it has one.
  ///   - spelled: the pieces of its text and the words that they make.
  ///   - names: the vocabulary's pieces.
  ///   - threads: workers for what is left out, each with a workspace of its own.
  ///   - shouldStop: asked before each few posts.
  /// - Returns: what the model made of it.
  /// - Throws: `interrupted` once `shouldStop` says yes; what the model throws.
  package func callAsFunction(
    _ post: PostInputs, spelled: TokenizedWords, names: PieceNames, threads: Int = 1,
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws(ExplanationError) -> Explanation {
    try checkBytes(of: post)
    let (scores, stages) = try record(post)
    guard let scores, let best = scores.best else { throw .notFinite }
    if shouldStop() { throw .interrupted }
    let look = try looking(post, stages, scores)
    if shouldStop() { throw .interrupted }
    let configuration = classifier.configuration
    return Explanation(
      labels: configuration.labelNames, probabilities: scores.probabilities, predicted: best,
      textPictureSimilarity: scores.textImageSimilarity, pieces: pieces(post.text, spelled, names),
      words: spelled.words.map {
        Explanation.Word(text: String(decoding: $0.bytes, as: UTF8.self), pieces: $0.pieces)
      }, patches: PatchGrid(configuration.image), looking: look.looking,
      cosines: Self.cosines(stages.text, stages.picture), streams: look.streams,
      occlusions: try occlusions(of: post, spelled.words.map(\.pieces), threads, shouldStop),
      alignment: AlignmentTraining(folder: folder),
      learntWithoutPicture: configuration.learntWithoutPicture, precision: precision,
      aggregation: configuration.aggregation,
      recomputationError: look.difference)
  }

  /// The bytes that the maps of pieces × picture tokens take, which an explanation keeps for each layer.
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

  private func record(_ post: PostInputs) throws(ExplanationError) -> (PostScores?, RecordedStages) {
    do {
      return try RecordedStages.record(post, classifier)
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

/// Batches that threads take in turn, and what came of each.
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

  /// What came of all batches, in their order.
  func results() throws(ExplanationError) -> [[Float]] {
    let settled = state.withLock { $0.results.compactMap(\.self) }
    // A failure keeps later batches from being begun.
    for case .failure(let error) in settled { throw error }
    var results: [[Float]] = []
    for result in settled { results += try result.get() }
    return results
  }
}

extension Explainer {
  /// Where a text looks, and how far what is computed again comes from the fast path.
  struct Look {
    var looking: CrossModalAttention
    var streams: [StreamAttention] = []
    /// Nil where nothing is computed again.
    var difference: Float?
  }

  /// Where the text of a post looks, from the stages of its forward pass.
  func looking(_ post: PostInputs, _ stages: RecordedStages, _ scores: PostScores) throws(ExplanationError) -> Look {
    let configuration = classifier.configuration, none = Look(looking: .nowhere(.noPicture))
    guard let text = stages.text else { return none }
    switch configuration.aggregation {
    case .crossAttention: return try attention(post, text, stages)
    case .coAttention:
      guard let picture = stages.picture else { return none }
      let result = try ReferenceCoAttention(folder)(text, picture)
      let fused = scores.vectors.first { $0.space == "fused" }?.values ?? []
      let difference = TokenRows(width: configuration.dim, values: result.fused)
        .largestDifference(from: TokenRows(width: configuration.dim, values: fused))
      return Look(looking: .coAttention(result.maps), difference: difference)
    case .concat, .gated, .text, .image:
      return stages.picture == nil ? none : Look(looking: .nowhere(.aggregation(configuration.aggregation)))
    }
  }

  private func attention(_ post: PostInputs, _ text: TokenRows, _ stages: RecordedStages) throws(ExplanationError)
    -> Look
  {
    let configuration = classifier.configuration, names = configuration.features.map(\.name)
    let present = names.indices.filter { stages.features(names[$0]) != nil }
    guard stages.picture != nil || !present.isEmpty else { return Look(looking: .nowhere(.noPicture)) }
    // What a post has not is one token of zeros.
    let absent = TokenRows(width: configuration.dim, values: [Float](repeating: 0, count: configuration.dim))
    let context = ReferenceFusionLayer.Context(
      picture: stages.picture ?? absent, knowledge: stages.knowledge,
      features: names.map { stages.features($0) ?? absent }, selfBias: post.selfBias, crossBias: post.crossBias)
    var toPicture: [TokenMap] = [], toFeatures: [[TokenMap]] = [], difference: Float = 0, x = text
    for index in 0..<configuration.fusionLayers {
      let result = try ReferenceFusionLayer(folder, index)(x, context)
      toPicture.append(result.toPicture)
      toFeatures.append(result.toFeatures)
      // Each layer begins with what the fast path began it with, so that differences do not add up.
      x = stages.fusion(index) ?? result.x
      difference = max(difference, result.x.largestDifference(from: x))
    }
    let streams = present.compactMap { place in
      Self.cosines(text, stages.features(names[place])).map { cosines in
        StreamAttention(name: names[place], attention: toFeatures.map { $0[place] }, cosines: cosines)
      }
    }
    return Look(
      looking: stages.picture == nil ? .nowhere(.noPicture) : .attention(toPicture), streams: streams,
      difference: difference)
  }

  /// The cosine of every piece and every token or row that is looked at; nil where either is missing.
  static func cosines(_ text: TokenRows?, _ others: TokenRows?) -> TokenMap? {
    guard let text, let others else { return nil }
    let tokens = (0..<others.count).map { others.row($0) }
    let values = (0..<text.count).flatMap { piece in
      let row = text.row(piece)
      return tokens.map { token in
        let cosine = VectorMath.cosine(row, token)
        // Tokens of zeros have no direction.
        return cosine.isFinite ? cosine : 0
      }
    }
    return TokenMap(tokens: others.count, values: values)
  }
}

/// What one forward pass made of its only post on the way.
struct RecordedStages: Sendable {
  /// TokenRows of tokens by the stage's name; a stage that the post has not is not there.
  private var rows: [String: TokenRows] = [:]

  /// Scores a post and keeps its stages.
  static func record(
    _ post: PostInputs, _ classifier: PostClassifier
  ) throws(ModelError) -> (scores: PostScores?, stages: RecordedStages) {
    let workspace = classifier.makeWorkspace(), kept = Recorder()
    workspace.onStage = { name, stage, spans in
      guard spans.count == 1, stage.width > 0 else { return }
      kept.stages.rows[name] = TokenRows(width: stage.width, values: spans[0].flatMap { stage.values(ofRow: $0) })
    }
    // Without a cache every part is encoded, so every stage is told.
    let scores = try classifier([post], using: workspace)
    return (scores.first, kept.stages)
  }

  private final class Recorder {
    var stages = RecordedStages()
  }

  /// The text's projected tokens, T × D.
  var text: TokenRows? { rows["text_tokens"] }
  /// The picture's projected tokens, P × D; nil for a post without one.
  var picture: TokenRows? { rows["image_tokens"] }
  /// The knowledge's projected tokens, K × D; nil where it is not read.
  var knowledge: TokenRows? { rows["knowledge_tokens"] }

  /// The projected rows of a stream of features, R × D; nil for a post that has none.
  func features(_ stream: String) -> TokenRows? { rows["\(stream)_tokens"] }

  /// The text's tokens after fusion layer `index`, T × D.
  func fusion(_ index: Int) -> TokenRows? { rows["fusion_\(index)"] }
}
