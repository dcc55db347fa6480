import Bytes
import CKernels
import Models
import Evaluation
import Tensors
import Testing
import Training

/// A model and a batch so small that the reference network can compute them thousands of times.
struct TinyCase: Sendable, CustomTestStringConvertible {
  var aggregation = Aggregation.crossAttention
  var pooling = Pooling.mean
  var knowledge = true
  /// Whether posts bring biases for the attention's scores.
  var graphs = true
  /// How many of the posts have a picture.
  var pictures = 2
  /// How many have a teacher's vectors.
  var taught = 3
  var dropped = 0.0
  /// How many tokens of a picture have no place in it.
  var registers = 0
  var classWeights: [Double]?
  /// How many posts have probabilities instead of a label.
  var soft = 0
  var encoders = Encoders.plain

  /// The kind of the encoders.
  enum Encoders: String { case plain, clip, siglip }

  var testDescription: String {
    "\(aggregation.rawValue), \(pooling), knowledge \(knowledge), graphs \(graphs), pictures \(pictures), "
      + "taught \(taught), soft \(soft), dropped \(dropped), registers \(registers), \(classWeights == nil ? "no " : "")class weights, "
      + "\(encoders) encoders"
  }

  static let posts = 4

  static let all = [
    TinyCase(), TinyCase(pooling: .cls), TinyCase(pooling: .max), TinyCase(knowledge: false),
    TinyCase(pooling: .cls, graphs: false), TinyCase(pictures: 0), TinyCase(pictures: 4, taught: 4),
    TinyCase(taught: 0), TinyCase(dropped: 0.25), TinyCase(classWeights: [0.2, 1.5, 4]), TinyCase(soft: 4),
    TinyCase(classWeights: [0.2, 1.5, 4], soft: 2), TinyCase(aggregation: .concat),
    TinyCase(aggregation: .concat, knowledge: false, dropped: 0.1), TinyCase(aggregation: .gated),
    TinyCase(aggregation: .coAttention), TinyCase(aggregation: .coAttention, knowledge: false, pictures: 4),
    TinyCase(aggregation: .text), TinyCase(aggregation: .image, dropped: 0.3),
    TinyCase(pictures: 3, registers: 2), TinyCase(pictures: 3, encoders: .clip),
    TinyCase(pictures: 3, encoders: .siglip),
    TinyCase(pooling: .cls, dropped: 0.2, registers: 1, encoders: .clip),
    TinyCase(pooling: .max, pictures: 4, dropped: 0.2, encoders: .siglip),
  ]

  /// No width is a multiple of a register's.
  var configuration: ModelConfiguration {
    var model = ModelConfiguration(labelNames: ["a", "b", "c"])
    (model.text.vocabularySize, model.text.hiddenSize, model.text.layers) = (20, 8, 1)
    (model.text.heads, model.text.feedForward, model.text.maxPositions) = (2, 12, 10)
    (model.image.size, model.image.patchSize, model.image.hiddenSize) = (7, 3, 6)
    (model.image.layers, model.image.heads, model.image.feedForward) = (1, 3, 9)
    model.image.registers = registers
    if encoders != .plain {
      let isClip = encoders == .clip, activation: EncoderActivation = isClip ? .quickGELU : .tanhGELU
      (model.text.activation, model.text.normsFirst, model.text.isCausal) = (activation, true, isClip)
      (model.image.activation, model.image.hasClassToken) = (activation, isClip)
      (model.image.hasFirstNorm, model.image.hasLastNorm) = (isClip, !isClip)
    }
    (model.dim, model.projectionHidden, model.fusionLayers) = (10, 14, 2)
    (model.fusionHeads, model.fusionFeedForward) = (2, 11)
    (model.aggregation, model.pooling, model.knowledge) = (aggregation, pooling, knowledge)
    return model
  }

  var objective: Objective {
    var objective = Objective()
    (objective.alpha, objective.beta, objective.temperature) = (0.7, 1.3, 0.5)
    objective.classWeights = classWeights
    return objective
  }

  /// A trainable model with random parameters, none of them zero, so that no gradient vanishes.
  ///
  /// `alpha`: the weight of the alignment, if not the case's.
  func trainableModel(alpha: Double? = nil, format: NumberFormat = .f32, threads: Int = 1) throws -> TrainableModel {
    var objective = objective
    objective.alpha = alpha ?? objective.alpha
    let trainableModel = try TrainableModel(configuration, objective: objective, format: format, threads: threads)
    var random = SeededGenerator(seed: 11)
    for name in trainableModel.tensorNames {
      let isGain = name.contains("norm") && name.hasSuffix("weight")
      trainableModel[name] = random.floats(trainableModel[name].count, size: 0.5).map { isGain ? 1 + $0 : $0 }
    }
    try trainableModel.update()
    return trainableModel
  }

  /// Posts of unequal lengths, one of them with one token.
  func examples() -> [Example] {
    var random = SeededGenerator(seed: 12)
    return zip([4, 7, 1, 5], [3, 1, 5, 2]).enumerated().map { index, lengths in
      func pieces(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(random.index(below: 18)) } }
      var post = PostInputs(text: pieces(lengths.0), knowledge: knowledge ? pieces(lengths.1) : nil)
      if index < pictures { post.pixels = random.floats(3 * 7 * 7) }
      if graphs {
        post.selfBias = random.floats(lengths.0 * lengths.0)
        if knowledge { post.crossBias = random.floats(lengths.0 * lengths.1) }
      }
      let vectors = TeacherVectors(text: random.floats(10), image: random.floats(10))
      // The label is the most probable one.
      let shares = (0..<3).map {
        $0 == index % 3 ? 0.5 : $0 == (index + 1) % 3 ? 0.5 - 0.1 * Double(index) : 0.1 * Double(index)
      }
      return Example(
        inputs: post, label: index % 3, distribution: index < soft ? shares : nil,
        teacher: index < taught ? vectors : nil)
    }
  }

  /// The same dropout for both sides.
  var dropout: (trainableModel: Dropout?, twin: ckernels_dropout?) {
    guard dropped > 0 else { return (nil, nil) }
    return (
      Dropout(share: dropped, seed: 77, step: 5, part: 2),
      ckernels_dropout(share: dropped, seed: 77, site: 0, step: 5, part: 2)
    )
  }
}
