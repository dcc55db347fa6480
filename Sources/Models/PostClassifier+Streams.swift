internal import Tensors

extension PostClassifier {
  /// Texts and knowledge share an encoder and a projection, so they take one pass together.
  func encodeTexts(
    _ posts: [PostInputs], using workspace: Workspace
  ) throws(TensorError) -> (text: MatrixView, spans: RowSpans, knowledge: ContextStream?) {
    let texts = posts.map(\.text), knowledge = posts.compactMap(\.knowledge)
    let spans = RowSpans(lengths: (texts + knowledge).map(\.count))
    let first = 0..<texts.count, second = texts.count..<spans.count
    func note(_ stage: String, _ tokens: MatrixView) {
      for (stream, range) in [("text", first), ("knowledge", second)] where !range.isEmpty {
        workspace.note("\(stream)_\(stage)", tokens.rows(spans.tokens(of: range)), spans[range])
      }
    }
    let hidden = try textEncoder(texts + knowledge, spans, using: workspace).view
    note("hidden", hidden)
    let tokens = try textProjection(hidden, using: workspace).view
    note("tokens", tokens)
    let stream = ContextStream(
      tokens: tokens.rows(spans.tokens(of: second)), ranges: second.map { spans[second][$0 - texts.count] },
      biases: posts.map(\.crossBias))
    return (tokens.rows(spans.tokens(of: first)), spans[first], knowledge.isEmpty ? nil : stream)
  }

  /// Pictures' tokens, and behind them one token of zeros: what every post without a picture sees.
  func encodePictures(
    _ posts: [PostInputs], using workspace: Workspace
  ) throws(TensorError) -> (stream: ContextStream, aligned: [[Float]?]) {
    let pictures = posts.compactMap(\.pixels)
    let spans = RowSpans(lengths: pictures.map { _ in configuration.image.tokens })
    let zeros = pictures.count < posts.count ? 1 : 0
    let stream = try workspace.matrix(rows: spans.tokens + zeros, width: configuration.dim)
    stream.row(spans.tokens).update(repeating: 0, count: zeros * configuration.dim)
    try workspace.temporarily { () throws(TensorError) in
      let hidden = try imageEncoder(pictures, using: workspace).view
      workspace.note("image_hidden", hidden, spans)
      let tokens = try imageProjection(hidden, using: workspace).view
      stream.base.update(from: tokens.base, count: spans.tokens * configuration.dim)
      workspace.note("image_tokens", tokens, spans)
    }
    var ranges: [Range<Int>] = [], aligned: [[Float]?] = [], seen = 0
    for post in posts {
      if post.pixels == nil {
        ranges.append(spans.tokens..<spans.tokens + 1)
        aligned.append(nil)
      } else {
        ranges.append(spans[seen])
        aligned.append(Vectors.mean(stream.view.rows(spans[seen])))
        seen += 1
      }
    }
    let biases = [[Float]?](repeating: nil, count: posts.count)
    return (ContextStream(tokens: stream.view, ranges: ranges, biases: biases), aligned)
  }
}
