internal import Tensors

extension PostClassifier {
  /// The rows of each feature stream in the shared space, followed by one token of zeros, which posts without rows see.
  /// `aligned` holds the mean of each post's rows; nil if it has none.
  func encodeFeatures(
    _ posts: [PostInputs], using workspace: Workspace
  ) throws(TensorError) -> [(stream: ContextStream, aligned: [[Float]?])] {
    var streams: [(stream: ContextStream, aligned: [[Float]?])] = []
    for (place, projection) in featureProjections.enumerated() {
      let parts = posts.map { $0.features(in: place) }, width = configuration.features[place].width
      let spans = RowSpans(lengths: parts.compactMap { $0?.rows })
      let tokens = try workspace.matrix(rows: spans.tokens + 1, width: configuration.dim)
      tokens.row(spans.tokens).update(repeating: 0, count: configuration.dim)
      if spans.tokens > 0 {
        try workspace.temporarily { () throws(TensorError) in
          let rows = try workspace.matrix(rows: spans.tokens, width: width)
          var next = 0
          for part in parts {
            guard let part else { continue }
            rows.row(next).update(from: part.values, count: part.values.count)
            next += part.rows
          }
          let projected = try projection(rows.view, using: workspace).view
          workspace.note("\(configuration.features[place].name)_tokens", projected, spans)
          tokens.base.update(from: projected.base, count: spans.tokens * configuration.dim)
        }
      }
      var ranges: [Range<Int>] = [], aligned: [[Float]?] = [], seen = 0
      for part in parts {
        let range = part == nil ? spans.tokens..<spans.tokens + 1 : spans[seen]
        ranges.append(range)
        aligned.append(part == nil ? nil : VectorMath.mean(tokens.view.rows(range)))
        seen += part == nil ? 0 : 1
      }
      let biases = [[Float]?](repeating: nil, count: posts.count)
      streams.append((ContextStream(tokens: tokens.view, ranges: ranges, biases: biases), aligned))
    }
    return streams
  }

  /// Texts and knowledge share an encoder and a projection, so they are encoded in one pass. Knowledge that the
  /// aggregation does not read is not encoded.
  func encodeTexts(
    _ posts: [PostInputs], _ cache: EncoderCache?, using workspace: Workspace
  ) throws(TensorError) -> (text: MatrixView, spans: RowSpans, knowledge: ContextStream?) {
    let texts = posts.map(\.text)
    let knowledge = configuration.aggregation.readsKnowledge ? posts.compactMap(\.knowledge) : []
    let spans = RowSpans(lengths: (texts + knowledge).map(\.count))
    let first = 0..<texts.count, second = texts.count..<spans.count
    let parts = EncoderBatch((texts + knowledge).map { .text($0) }, cache)
    let fresh = parts.fresh.map { (texts + knowledge)[$0] }
    let encoded = try encode(
      fresh, notedAs: parts.isAllFresh ? [("text", first), ("knowledge", second)] : [], workspace)
    let tokens = try parts.assemble(encoded, spans, width: configuration.dim, using: workspace)
    let stream = ContextStream(
      tokens: tokens.rows(spans.tokens(of: second)), ranges: second.map { spans[second][$0 - texts.count] },
      biases: posts.map(\.crossBias))
    return (tokens.rows(spans.tokens(of: first)), spans[first], knowledge.isEmpty ? nil : stream)
  }

  /// Texts to tokens in the shared space, packed one after another.
  private func encode(
    _ texts: [[Int32]], notedAs streams: [(name: String, texts: Range<Int>)], _ workspace: Workspace
  ) throws(TensorError) -> MatrixView {
    let spans = RowSpans(lengths: texts.map(\.count))
    func note(_ stage: String, _ tokens: MatrixView) {
      for (name, range) in streams where !range.isEmpty {
        workspace.note("\(name)_\(stage)", tokens.rows(spans.tokens(of: range)), spans[range])
      }
    }
    let hidden = try textEncoder(texts, spans, using: workspace).view
    note("hidden", hidden)
    let tokens = try textProjection(hidden, using: workspace).view
    note("tokens", tokens)
    return tokens
  }

  /// The pictures' tokens, followed by one token of zeros, which posts without a picture see.
  func encodePictures(
    _ posts: [PostInputs], _ cache: EncoderCache?, using workspace: Workspace
  ) throws(TensorError) -> (stream: ContextStream, aligned: [[Float]?]) {
    let pictured = posts.indices.filter { posts[$0].hasPicture }
    let parts = EncoderBatch(
      pictured.map { posts[$0].pictureKey }, cache, known: pictured.map { posts[$0].encodedPicture })
    let spans = RowSpans(lengths: pictured.map { _ in configuration.image.tokens })
    let zeros = pictured.count < posts.count ? 1 : 0
    let stream = try workspace.matrix(rows: spans.tokens + zeros, width: configuration.dim)
    stream.row(spans.tokens).update(repeating: 0, count: zeros * configuration.dim)
    try workspace.temporarily { () throws(TensorError) in
      let fresh = parts.fresh.compactMap { posts[pictured[$0]].pixels }
      let hidden = try imageEncoder(fresh, using: workspace).view
      if parts.isAllFresh { workspace.note("image_hidden", hidden, spans) }
      let tokens = try imageProjection(hidden, using: workspace).view
      if parts.isAllFresh { workspace.note("image_tokens", tokens, spans) }
      parts.write(tokens, spans, to: stream)
    }
    var ranges: [Range<Int>] = [], aligned: [[Float]?] = [], seen = 0
    for post in posts {
      if post.hasPicture {
        ranges.append(spans[seen])
        aligned.append(VectorMath.mean(stream.view.rows(spans[seen])))
        seen += 1
      } else {
        ranges.append(spans.tokens..<spans.tokens + 1)
        aligned.append(nil)
      }
    }
    let biases = [[Float]?](repeating: nil, count: posts.count)
    return (ContextStream(tokens: stream.view, ranges: ranges, biases: biases), aligned)
  }
}
