/// A post in the form that the model reads.
package struct PostInputs: Sendable {
  /// The text's pieces, [CLS] and [SEP] included.
  package var text: [Int32]
  /// The knowledge's pieces, [CLS] and [SEP] included; nil for a model without that stream.
  package var knowledge: [Int32]?
  /// The picture's numbers, channel by channel, row by row; nil for a post without a picture, and if its picture is
  /// already encoded.
  package var pixels: [Float]?
  /// The picture's identity, such as its file's hash; pictures with equal identities have equal pixels.
  package var pictureIdentity: [UInt8]?
  /// The already encoded picture; then there are no pixels.
  package var encodedPicture: EncodedTokens?
  /// The post's rows in each of the model's feature streams, in their order; nil if it has none. An empty list means no
  /// rows in any stream.
  package var features: [FeatureRows?] = []
  /// Text tokens × text tokens, added to the text's scores in every fusion layer.
  package var selfBias: [Float]?
  /// Text tokens × knowledge tokens, added to the scores between them in every fusion layer.
  package var crossBias: [Float]?

  /// Creates a post from its parts.
  package init(
    text: [Int32], knowledge: [Int32]? = nil, pixels: [Float]? = nil, selfBias: [Float]? = nil,
    crossBias: [Float]? = nil
  ) {
    (self.text, self.knowledge, self.pixels) = (text, knowledge, pixels)
    (self.selfBias, self.crossBias) = (selfBias, crossBias)
  }
}

extension PostInputs {
  /// Whether the post has a picture.
  var hasPicture: Bool { pixels != nil || encodedPicture != nil }
  /// The key of the picture's tokens in the cache.
  var pictureKey: EncoderCache.Key? { pictureIdentity.map { .picture($0) } }

  /// The first input that the model can't read; nil if it can read all.
  func fault(for configuration: ModelConfiguration, pixelCount: Int) -> InputError? {
    if let fault = PostInputs.fault(in: text, "text", configuration.text) { return fault }
    guard (knowledge != nil) == configuration.knowledge else {
      return .knowledge(expected: configuration.knowledge)
    }
    if let knowledge, let fault = PostInputs.fault(in: knowledge, "knowledge", configuration.text) {
      return fault
    }
    if let pixels, pixels.count != pixelCount {
      return .pixelCount(found: pixels.count, expected: pixelCount)
    }
    if let fault = featureFault(for: configuration.features) { return fault }
    if let selfBias, selfBias.count != text.count * text.count {
      return .biasCount(name: "selfBias", found: selfBias.count, expected: text.count * text.count)
    }
    let scores = text.count * (knowledge?.count ?? 0)
    if let crossBias, crossBias.count != scores {
      return .biasCount(name: "crossBias", found: crossBias.count, expected: scores)
    }
    return nil
  }

  private func featureFault(for streams: [FeatureStream]) -> InputError? {
    guard features.isEmpty || features.count == streams.count else {
      return .featureCount(found: features.count, expected: streams.count)
    }
    for (part, stream) in zip(features, streams) {
      guard let part else { continue }
      guard (1...stream.maxRows).contains(part.rows), part.values.count == part.rows * stream.width else {
        return .featureRows(
          stream: stream.name, numbers: part.values.count, rows: part.rows, width: stream.width,
          allowed: stream.maxRows)
      }
    }
    return nil
  }

  /// The post's rows in a stream, by its index in the model's list; nil if it has none.
  func features(in stream: Int) -> FeatureRows? { features.isEmpty ? nil : features[stream] }

  static func fault(
    in pieces: [Int32], _ stream: String, _ configuration: ModelConfiguration.Text
  ) -> InputError? {
    if pieces.isEmpty { return .noTokens(stream: stream) }
    if pieces.count > configuration.maxPositions {
      return .tooManyTokens(stream: stream, count: pieces.count, limit: configuration.maxPositions)
    }
    let known = 0..<configuration.vocabularySize
    return pieces.first { !known.contains(Int($0)) }.map {
      .tokenOutOfRange(stream: stream, token: $0, size: configuration.vocabularySize)
    }
  }
}
