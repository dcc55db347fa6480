internal import Tensors

/// A CLIP's text encoder: pieces → a vector in the shared space, taken from the first end piece; in a SigLIP, from the
/// last position.
///
/// In a CLIP a piece attends only to itself and to those before it, so nothing after the first end piece matters, and
/// none of it is computed. A SigLIP's texts are all padded to one length, as in its training.
struct ClipTextEncoder: Sendable {
  private let encoder: TextEncoder
  private let projection: PackedLinear
  private let end: ClipConfiguration.End
  private let width: Int
  private let places: Int

  /// `tensors`: the encoder's, under clfa's names; `head`: those after it, under the hub's.
  init(_ tensors: HubTensors, head: HubTensors, _ configuration: ClipConfiguration) throws(ModelError) {
    let text = configuration.text
    (width, places, end) = (text.hiddenSize, text.maxPositions, configuration.end)
    encoder = try TextEncoder(ModelWeights(tensors, format: .f32)["text_encoder"], text)
    let weights = ModelWeights(head, format: .f32)
    switch configuration.kind {
    case .clip:
      projection = try weights.linear(
        joining: ["text_projection"], inputs: width, outputs: configuration.dim, biased: false)
    case .siglip: projection = try weights["text_model"].linear("head", inputs: width, outputs: configuration.dim)
    }
  }

  /// The tensors after the encoder.
  static func head(_ configuration: ClipConfiguration) -> [ModelConfiguration.TensorShape] {
    let (width, dim) = (configuration.text.hiddenSize, configuration.dim)
    return switch configuration.kind {
    case .clip: [.init(name: "text_projection.weight", shape: [dim, width])]
    case .siglip:
      [
        .init(name: "text_model.head.weight", shape: [dim, width]), .init(name: "text_model.head.bias", shape: [dim]),
      ]
    }
  }

  /// Encodes texts, whose pieces must already be checked; no text affects another.
  func callAsFunction(_ texts: [[Int32]], using workspace: Workspace) throws(TensorError) -> [[Float]] {
    let texts = texts.map(upToEnd), spans = RowSpans(lengths: texts.map(\.count))
    return try workspace.temporarily { () throws(TensorError) in
      let x = try encoder(texts, spans, using: workspace)
      let ends = try workspace.matrix(rows: texts.count, width: width)
      for index in texts.indices { ends.row(index).update(from: x.row(spans[index].upperBound - 1), count: width) }
      let vectors = try projection(ends.view, using: workspace).view
      return texts.indices.map { vectors.values(ofRow: $0) }
    }
  }

  /// The pieces of a text up to and including the position where its vector is read.
  private func upToEnd(_ pieces: [Int32]) -> [Int32] {
    let found: Int?
    switch end {
    case .piece(let id): found = pieces.firstIndex(of: id)
    case .greatest: found = pieces.max().flatMap { pieces.firstIndex(of: $0) }
    case .filled(let id): return pieces + [Int32](repeating: id, count: max(places - pieces.count, 0))
    }
    return Array(pieces[...(found ?? pieces.count - 1)])
  }
}
