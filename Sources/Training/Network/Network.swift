internal import Models
internal import Tensors

/// The model in training: the forward pass of a batch, from word pieces and pixels to logits and vectors, and the
/// backward pass, from the gradients of those to the gradients of all parameters.
struct Network {
  let configuration: ModelConfiguration
  private let textEncoder: TrainableTextEncoder
  private let imageEncoder: TrainableImageEncoder
  private let textProjection: FeedForwardLayer
  private let imageProjection: FeedForwardLayer
  private let featureProjections: [FeatureProjection]
  private let aggregation: AggregationLayer
  private let classifier: Linear
  /// The frozen encoders, whose parameters do not change.
  private let frozen: Set<EncoderKind>

  init(_ parameters: Parameters, _ configuration: ModelConfiguration, freezing frozen: Set<EncoderKind> = []) {
    self.configuration = configuration
    textEncoder = TrainableTextEncoder(parameters, configuration.text)
    imageEncoder = TrainableImageEncoder(parameters, configuration.image)
    textProjection = FeedForwardLayer(parameters, "text_projection", .relu)
    imageProjection = FeedForwardLayer(parameters, "image_projection", .relu)
    featureProjections = configuration.features.map { FeatureProjection(parameters, $0) }
    aggregation = AggregationLayer(parameters, configuration)
    classifier = Linear(parameters, "classifier")
    self.frozen = frozen
  }

  /// Values kept for the backward pass and for the losses.
  struct Saved {
    /// Posts × labels.
    let logits: Matrix
    /// The stages of the model.
    let streams: Streams
    fileprivate let texts: EncoderSaved<TrainableTextEncoder.Saved>?
    fileprivate let pictures: EncoderSaved<TrainableImageEncoder.Saved>?
    fileprivate let features: [FeatureProjection.Saved?]
    fileprivate let textCount: Int
    fileprivate let pictured: [Int]
    let pooled: Matrix
    fileprivate let aggregation: AggregationLayer.Saved
    fileprivate let site: DropoutSite
    fileprivate let classified: Operand
  }

  /// An encoder's values kept for the backward pass, up to its tokens in the shared space.
  struct EncoderSaved<EncoderKind> {
    fileprivate let encoder: EncoderKind?
    fileprivate let projection: FeedForwardLayer.Saved
    fileprivate let rows: Int
  }

  /// The forward pass of posts, whose inputs must already be checked.
  func forward(_ posts: [EncodedInput], _ pass: StepContext) throws(TensorError) -> Saved {
    let texts = posts.map(\.text) + posts.compactMap(\.knowledge)
    let spans = Network.spans(texts.map(\.length))
    let (textTokens, textSaved) = try encodeTexts(texts, spans, pass)
    let pictures = posts.compactMap(\.picture), pictured = posts.indices.filter { posts[$0].picture != nil }
    let (imageTokens, imageSaved) = try encodePictures(pictures, pass)
    var features: [Streams.Tokens] = [], featuresSaved: [FeatureProjection.Saved?] = []
    for (place, encoder) in featureProjections.enumerated() {
      let (tokens, saved) = try encoder.forward(posts.map { $0.features[place] }, dim: configuration.dim, pass)
      features.append(tokens)
      featuresSaved.append(saved)
    }
    let streams = try streams(posts, textTokens, spans, imageTokens, pictured, features, pass)

    let (pooled, aggregated) = try aggregation.forward(streams, pass)
    let site = DropoutSite(pass), classified = try pass.operand(try site.forward(pooled, pass))
    let logits = try classifier.forward(classified, pass)
    return Saved(
      logits: logits, streams: streams, texts: textSaved, pictures: imageSaved, features: featuresSaved,
      textCount: posts.count, pictured: pictured, pooled: pooled, aggregation: aggregated, site: site,
      classified: classified)
  }

  /// The backward pass. `logits`: the gradient with respect to the logits; `textMeans`, `imageMeans`, `featureMeans`:
  /// those with respect to the posts' vectors in the shared space. Adds to the gradients of the parameters.
  func backward(
    _ saved: Saved, logits: Matrix, textMeans: Matrix, imageMeans: Matrix, featureMeans: [Matrix],
    _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let streams = saved.streams, gradients = try StreamGradients(streams, pass)
      let pooled = try pass.matrix(saved.pooled.rows, saved.pooled.width)
      try classifier.backward(logits, of: saved.classified, into: pooled, pass)
      try aggregation.backward(
        try saved.site.backward(pooled, pass), saved.aggregation, streams, addingTo: gradients, pass)
      try pass.add(textMeans, to: gradients.textMean)
      try pass.add(imageMeans, to: gradients.imageMean)
      for (means, gradient) in zip(featureMeans, gradients.featureMeans) { try pass.add(means, to: gradient) }
      MeanPooling.backward(gradients.textMean, streams.text.ranges, addingTo: gradients.text)
      MeanPooling.backward(gradients.imageMean, streams.image.ranges, addingTo: gradients.image)
      for (place, encoder) in featureProjections.enumerated() {
        MeanPooling.backward(
          gradients.featureMeans[place], streams.features[place].ranges, addingTo: gradients.features[place])
        if let features = saved.features[place] { try encoder.backward(gradients.features[place], features, pass) }
      }
      if let texts = saved.texts { try backward(texts, saved, gradients, pass) }
      if let pictures = saved.pictures { try backward(pictures, gradients, pass) }
    }
  }

  // MARK: - The encoders

  private func encodeTexts(
    _ texts: [EncodedInput.Tokens<[Int32]>], _ spans: [Range<Int>], _ pass: StepContext
  ) throws(TensorError) -> (tokens: Matrix, saved: EncoderSaved<TrainableTextEncoder.Saved>) {
    var hidden: Matrix, encoder: TrainableTextEncoder.Saved?
    if frozen.contains(.text) {
      hidden = try Network.packed(texts.map(\.encoded), width: configuration.text.hiddenSize, pass)
    } else {
      let (y, saved) = try textEncoder.forward(texts.map(\.raw), spans, pass)
      (hidden, encoder) = (y, saved)
    }
    let (tokens, projected) = try textProjection.forward(try pass.operand(hidden), pass)
    return (tokens, EncoderSaved(encoder: encoder, projection: projected, rows: hidden.rows))
  }

  private func encodePictures(
    _ pictures: [EncodedInput.Tokens<[Float]>], _ pass: StepContext
  ) throws(TensorError) -> (tokens: Matrix?, saved: EncoderSaved<TrainableImageEncoder.Saved>?) {
    guard !pictures.isEmpty else { return (nil, nil) }
    var hidden: Matrix, encoder: TrainableImageEncoder.Saved?
    if frozen.contains(.image) {
      hidden = try Network.packed(pictures.map(\.encoded), width: configuration.image.hiddenSize, pass)
    } else {
      let spans = Network.spans(pictures.map { _ in configuration.image.tokens })
      let (y, saved) = try imageEncoder.forward(pictures.map(\.raw), spans, pass)
      (hidden, encoder) = (y, saved)
    }
    let (tokens, projected) = try imageProjection.forward(try pass.operand(hidden), pass)
    return (tokens, EncoderSaved(encoder: encoder, projection: projected, rows: hidden.rows))
  }

  /// The text encoder's output for each text: its tokens, concatenated.
  func hidden(texts: [[Int32]], _ pass: StepContext) throws(TensorError) -> [[Float]] {
    let spans = Network.spans(texts.map(\.count))
    return Network.unpacked(try textEncoder.forward(texts, spans, pass).y, spans)
  }

  /// The picture encoder's output for each picture: its tokens, concatenated.
  func hidden(pictures: [[Float]], _ pass: StepContext) throws(TensorError) -> [[Float]] {
    let spans = Network.spans(pictures.map { _ in configuration.image.tokens })
    return Network.unpacked(try imageEncoder.forward(pictures, spans, pass).y, spans)
  }

  private func backward(
    _ texts: EncoderSaved<TrainableTextEncoder.Saved>, _ saved: Saved, _ gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    let tokens = try pass.zeros(texts.rows, configuration.dim)
    tokens.base.update(from: gradients.text.base, count: gradients.text.rows * tokens.width)
    if let knowledge = gradients.knowledge {
      tokens.row(gradients.text.rows).update(from: knowledge.base, count: knowledge.rows * tokens.width)
    }
    let hidden = texts.encoder == nil ? nil : try pass.matrix(texts.rows, configuration.text.hiddenSize)
    try textProjection.backward(tokens, texts.projection, into: hidden, accumulating: false, pass)
    if let encoder = texts.encoder, let hidden { try textEncoder.backward(hidden, encoder, pass) }
  }

  private func backward(
    _ pictures: EncoderSaved<TrainableImageEncoder.Saved>, _ gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    let tokens = try pass.zeros(pictures.rows, configuration.dim)
    // The pictures' tokens are followed by zero tokens, which have no parameters.
    tokens.base.update(from: gradients.image.base, count: pictures.rows * tokens.width)
    let hidden = pictures.encoder == nil ? nil : try pass.matrix(pictures.rows, configuration.image.hiddenSize)
    try imageProjection.backward(tokens, pictures.projection, into: hidden, accumulating: false, pass)
    if let encoder = pictures.encoder, let hidden { try imageEncoder.backward(hidden, encoder, pass) }
  }

  // MARK: - Streams

  private func streams(
    _ posts: [EncodedInput], _ texts: Matrix, _ spans: [Range<Int>], _ pictures: Matrix?, _ pictured: [Int],
    _ features: [Streams.Tokens], _ pass: StepContext
  ) throws(TensorError) -> Streams {
    let width = configuration.dim, textSpans = Array(spans.prefix(posts.count))
    let textCount = textSpans.last?.upperBound ?? 0
    let text = Streams.Tokens(
      tokens: try Network.copy(texts, textCount == texts.rows ? nil : 0..<textCount, pass), ranges: textSpans)
    var knowledge: Streams.Tokens?
    if configuration.knowledge {
      let ranges = spans.dropFirst(posts.count).map { $0.lowerBound - textCount..<$0.upperBound - textCount }
      knowledge = Streams.Tokens(tokens: try Network.copy(texts, textCount..<texts.rows, pass), ranges: ranges)
    }

    let each = configuration.image.tokens, seen = pictured.count * each
    let image = try pass.zeros(seen + posts.count - pictured.count, width)
    if let pictures { image.base.update(from: pictures.base, count: seen * width) }
    var ranges: [Range<Int>] = [], next = 0, blind = seen
    for post in posts {
      if post.picture != nil {
        ranges.append(next..<next + each)
        next += each
      } else {
        ranges.append(blind..<blind + 1)
        blind += 1
      }
    }
    var featureMeans: [Matrix] = []
    for stream in features { featureMeans.append(try MeanPooling.forward(stream.tokens, stream.ranges, pass)) }
    return Streams(
      text: text, image: Streams.Tokens(tokens: image, ranges: ranges), knowledge: knowledge, features: features,
      textMean: try MeanPooling.forward(text.tokens, text.ranges, pass),
      imageMean: try MeanPooling.forward(image, ranges, pass), featureMeans: featureMeans,
      selfBiases: posts.map(\.selfBias),
      crossBiases: posts.map(\.crossBias))
  }

  /// The rows in `range`, followed by zeros; the rows themselves if there is no range.
  private static func copy(_ rows: Matrix, _ range: Range<Int>?, _ pass: StepContext) throws(TensorError)
    -> Matrix
  {
    guard let range else { return rows }
    let copy = try pass.zeros(range.count, rows.width)
    copy.base.update(from: rows.row(range.lowerBound), count: range.count * rows.width)
    return copy
  }

  private static func unpacked(_ rows: Matrix, _ spans: [Range<Int>]) -> [[Float]] {
    spans.map { Array(UnsafeBufferPointer(start: rows.row($0.lowerBound), count: $0.count * rows.width)) }
  }

  /// Tokens that are already encoded, one post after another.
  private static func packed(_ encoded: [[Float]], width: Int, _ pass: StepContext) throws(TensorError) -> Matrix {
    let rows = try pass.zeros(encoded.reduce(0) { $0 + $1.count } / width, width)
    var to = rows.base
    for values in encoded {
      for (index, value) in values.enumerated() { to[index] = value }
      to += values.count
    }
    return rows
  }

  /// The ranges of concatenated sequences with these lengths.
  private static func spans(_ lengths: [Int]) -> [Range<Int>] {
    var end = 0
    return lengths.map { length in
      defer { end += length }
      return end..<end + length
    }
  }
}

/// An encoder that can be frozen.
package enum EncoderKind: String, Sendable, CaseIterable {
  /// The text encoder.
  case text
  /// The picture encoder.
  case image
}
