internal import Glibc
import Models

/// A fusion layer, plainly: the text attends to itself, to the picture, to the knowledge, to each stream of features; then
/// a feed-forward net.
struct PlainFusionLayer: Sendable {
  private let text: PlainAttention
  private let picture: PlainAttention
  private let knowledge: PlainAttention?
  private let features: [PlainAttention]
  private let widen: PlainLinear
  private let narrow: PlainLinear
  private let norm: PlainNorm

  /// Layer `index` of a model of cross-attention.
  init(_ folder: ModelFolder, _ index: Int) throws(ExplanationError) {
    let name = "fusion.\(index)", configuration = folder.configuration
    text = try PlainAttention(folder, name + ".text")
    picture = try PlainAttention(folder, name + ".image")
    knowledge = try configuration.knowledge ? PlainAttention(folder, name + ".knowledge") : nil
    var features: [PlainAttention] = []
    for stream in configuration.features { features.append(try PlainAttention(folder, "\(name).\(stream.name)")) }
    self.features = features
    widen = try PlainLinear(folder, name + ".fc1", inputs: configuration.dim)
    narrow = try PlainLinear(folder, name + ".fc2", inputs: configuration.fusionFeedForward)
    norm = try PlainNorm(folder, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// Runs the layer on the text's tokens x, T × D.
  ///
  /// - Returns: x after the layer, and where the text looked: in the picture, T × P, and in each stream, T × R.
  func callAsFunction(_ x: Rows, _ context: Context) -> (x: Rows, toPicture: PatchMap, toFeatures: [PatchMap]) {
    var x = text(x, to: x, bias: context.selfBias).x
    let look = picture(x, to: context.picture)
    x = look.x
    if let knowledge, let stream = context.knowledge {
      x = knowledge(x, to: stream, bias: context.crossBias).x
    }
    var toFeatures: [PatchMap] = []
    for (attention, rows) in zip(features, context.features) {
      let look = attention(x, to: rows)
      x = look.x
      toFeatures.append(PatchMap(tokens: rows.count, values: look.probabilities))
    }
    let hidden = widen(x).map { $0 * 0.5 * (1 + erff($0 * Float(0.5).squareRoot())) }
    let toPicture = PatchMap(tokens: context.picture.count, values: look.probabilities)
    return (norm(x + narrow(hidden)), toPicture, toFeatures)
  }

  /// What the text attends to beside itself, and what is added to the scores.
  struct Context: Sendable {
    /// P × D.
    var picture: Rows
    /// K × D; nil for a model without knowledge.
    var knowledge: Rows?
    /// R × D for each of the model's streams of features.
    var features: [Rows]
    /// T × T.
    var selfBias: [Float]?
    /// T × K.
    var crossBias: [Float]?
  }
}
