import Models
internal import Tensors

extension Explainer {
  /// Where a text looks, and how far what is computed again comes from the fast path.
  struct Look {
    var looking: Looking
    var streams: [StreamLook] = []
    /// Nil where nothing is computed again.
    var difference: Float?
  }

  /// Where the text of a post looks, from the stages of its forward pass.
  func looking(_ post: PostInputs, _ stages: Stages, _ scores: PostScores) throws(ExplanationError) -> Look {
    let configuration = classifier.configuration, none = Look(looking: .nowhere(.noPicture))
    guard let text = stages.text else { return none }
    switch configuration.aggregation {
    case .crossAttention: return try attention(post, text, stages)
    case .coAttention:
      guard let picture = stages.picture else { return none }
      let result = try PlainCoAttention(folder)(text, picture)
      let fused = scores.vectors.first { $0.space == "fused" }?.values ?? []
      let difference = Rows(width: configuration.dim, values: result.fused)
        .largestDifference(from: Rows(width: configuration.dim, values: fused))
      return Look(looking: .coAttention(result.maps), difference: difference)
    case .concat, .gated, .text, .image:
      return stages.picture == nil ? none : Look(looking: .nowhere(.aggregation(configuration.aggregation)))
    }
  }

  private func attention(_ post: PostInputs, _ text: Rows, _ stages: Stages) throws(ExplanationError) -> Look {
    let configuration = classifier.configuration, names = configuration.features.map(\.name)
    let present = names.indices.filter { stages.features(names[$0]) != nil }
    guard stages.picture != nil || !present.isEmpty else { return Look(looking: .nowhere(.noPicture)) }
    // What a post has not is one token of zeros.
    let absent = Rows(width: configuration.dim, values: [Float](repeating: 0, count: configuration.dim))
    let context = PlainFusionLayer.Context(
      picture: stages.picture ?? absent, knowledge: stages.knowledge,
      features: names.map { stages.features($0) ?? absent }, selfBias: post.selfBias, crossBias: post.crossBias)
    var toPicture: [PatchMap] = [], toFeatures: [[PatchMap]] = [], difference: Float = 0, x = text
    for index in 0..<configuration.fusionLayers {
      let result = try PlainFusionLayer(folder, index)(x, context)
      toPicture.append(result.toPicture)
      toFeatures.append(result.toFeatures)
      // Each layer begins with what the fast path began it with, so that differences do not add up.
      x = stages.fusion(index) ?? result.x
      difference = max(difference, result.x.largestDifference(from: x))
    }
    let streams = present.compactMap { place in
      Self.cosines(text, stages.features(names[place])).map { cosines in
        StreamLook(name: names[place], attention: toFeatures.map { $0[place] }, cosines: cosines)
      }
    }
    return Look(
      looking: stages.picture == nil ? .nowhere(.noPicture) : .attention(toPicture), streams: streams,
      difference: difference)
  }

  /// The cosine of every piece and every token or row that is looked at; nil where either is missing.
  static func cosines(_ text: Rows?, _ others: Rows?) -> PatchMap? {
    guard let text, let others else { return nil }
    let tokens = (0..<others.count).map { others.row($0) }
    let values = (0..<text.count).flatMap { piece in
      let row = text.row(piece)
      return tokens.map { token in
        let cosine = Vectors.cosine(row, token)
        // Tokens of zeros have no direction.
        return cosine.isFinite ? cosine : 0
      }
    }
    return PatchMap(tokens: others.count, values: values)
  }
}
