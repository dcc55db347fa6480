internal import Tensors

/// CLIP's texts: pieces → a vector in the shared space, read off the first end piece.
///
/// A piece attends to itself and to those before it, so nothing behind the first end piece matters, and none of it is
/// computed.
struct ClipTextTower: Sendable {
  private let words: [Float]
  private let positions: [Float]
  private let blocks: [ClipBlock]
  private let norm: LayerNorm
  private let projection: PackedLinear
  private let end: ClipConfiguration.End
  private let width: Int

  /// `weights`: all tensors of the model, by the hub's names.
  init(_ weights: ModelWeights, _ configuration: ClipConfiguration) throws(ModelError) {
    let model = weights["text_model"], embeddings = model["embeddings"], tower = configuration.text
    (width, end) = (tower.width, configuration.end)
    words = try embeddings["token_embedding"].values("weight", [configuration.vocabularySize, width])
    positions = try embeddings["position_embedding"].values("weight", [configuration.maxPieces, width])
    blocks = try ClipBlock.all(model["encoder"], tower)
    norm = try model.norm("final_layer_norm", width: width, epsilon: tower.epsilon)
    projection = try weights.linear(
      joining: ["text_projection"], inputs: width, outputs: configuration.dim, biased: false)
  }

  /// The vectors of texts, whose pieces must be checked; every text keeps to itself.
  func callAsFunction(_ texts: [[Int32]], using workspace: Workspace) throws(TensorError) -> [[Float]] {
    let texts = texts.map(upToEnd), spans = RowSpans(lengths: texts.map(\.count))
    var masks: [Int: [Float]] = [:]
    for count in Set(texts.map(\.count)) { masks[count] = Self.mask(count) }
    let biases = texts.map { masks[$0.count] }
    return try workspace.temporarily { () throws(TensorError) in
      let x = try embed(texts, using: workspace)
      for block in blocks { try block(x, spans, bias: biases, using: workspace) }
      let ends = try workspace.matrix(rows: texts.count, width: width)
      for index in texts.indices { ends.row(index).update(from: x.row(spans[index].upperBound - 1), count: width) }
      norm(ends)
      let vectors = try projection(ends.view, using: workspace).view
      return texts.indices.map { vectors.values(ofRow: $0) }
    }
  }

  /// The pieces of a text up to the first end piece, with it; all where there is none.
  private func upToEnd(_ pieces: [Int32]) -> [Int32] {
    let found: Int? =
      switch end {
      case .piece(let id): pieces.firstIndex(of: id)
      case .greatest: pieces.max().flatMap { pieces.firstIndex(of: $0) }
      }
    return Array(pieces[...(found ?? pieces.count - 1)])
  }

  /// What hides from each piece those behind it: tokens × tokens, nothing or -∞.
  private static func mask(_ count: Int) -> [Float] {
    (0..<count * count).map { $0 % count <= $0 / count ? 0 : -.infinity }
  }

  private func embed(_ texts: [[Int32]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let x = try workspace.matrix(rows: texts.reduce(0) { $0 + $1.count }, width: width)
    var token = 0
    for text in texts {
      for (position, piece) in text.enumerated() {
        let row = x.row(token), word = Int(piece) * width, place = position * width
        for column in 0..<width { row[column] = words[word + column] + positions[place + column] }
        token += 1
      }
    }
    return x
  }
}
