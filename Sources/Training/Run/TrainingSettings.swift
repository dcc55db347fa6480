internal import Bytes
package import Models
internal import Tensors

/// How a model is trained; the defaults are the published run's (CLFA, section 4.2).
package struct TrainingSettings: Sendable, Equatable {
  /// The weight of the alignment losses.
  package var alpha = 1.0
  /// The weight of the classification loss.
  package var beta = 1.0
  /// τ, by which cosines are divided.
  package var temperature = 0.1
  /// The peak learning rate of everything without its own rate.
  package var rate = 1e-5
  /// The peak learning rate of the encoders.
  package var encoderRate: Double?
  /// The peak learning rate of everything after the encoders.
  package var newRate: Double?
  /// Weight decay, as a fraction of the learning rate.
  package var decay = 0.01
  /// The share of steps in which the learning rate rises.
  package var warmup = 0.05
  /// The maximum gradient norm per tensor.
  package var clip = 1.0
  /// The number of posts in a batch, whose vectors are compared in the alignment loss.
  package var batch = 8
  /// The number of batches per optimiser step.
  package var accumulation = 1
  /// The number of epochs.
  package var epochs = 30
  /// The dropout probability.
  package var dropout = 0.1
  /// The share of posts whose picture is hidden, drawn again in every epoch.
  package var pictureDropout = 0.0
  /// The seed of all random choices.
  package var seed: UInt64 = 2022
  /// The frozen encoders.
  package var frozen: [EncoderKind] = []
  /// The weights of the labels.
  package var classWeights = ClassWeights.equal
  /// The measure that selects the best epoch.
  package var selection = Selection.macroF1
  /// The number of epochs without improvement after which training ends; nil for no limit.
  package var patience: Int?
  /// The number format of the model file.
  package var weights = WeightFormat.f32
  /// The number format of matrix products.
  package var precision = TrainingPrecision.f32

  /// The published run's.
  package init() {}
}

/// The weight of each label's posts in the classification loss.
package enum ClassWeights: String, Sendable, CaseIterable {
  /// All posts have the same weight.
  case equal
  /// All labels have the same weight: a post weighs posts / (labels · posts of its label).
  case balanced
}

/// A measure that selects the best epoch on the validation posts.
package enum Selection: String, Sendable, CaseIterable {
  /// The mean of the labels' F1.
  case macroF1 = "macro-f1"
  /// The share of correct predictions.
  case accuracy
  /// The cross-entropy; lower is better.
  case loss
}

/// The number format of a model's weights in its file.
package enum WeightFormat: String, Sendable, CaseIterable {
  /// Unchanged.
  case f32
  /// Half the size, rounded to 11 bits; the card's measurements are for these weights.
  case f16
}

/// The number format of matrix products in training; the parameters and all sums are f32.
package enum TrainingPrecision: String, Sendable, CaseIterable {
  /// As in the reference.
  case f32
  /// Twice as fast if the processor supports it.
  case bf16

  var format: NumberFormat { self == .bf16 ? .bf16 : .f32 }

  /// Whether this processor has instructions for it.
  package var isSupported: Bool { format.isFast }
}

extension TrainingSettings {
  /// The first invalid setting, in words; nil if all are valid.
  package var fault: String? {
    let checks: [(Bool, String)] = [
      (alpha >= 0 && alpha.isFinite, "alpha must be a number from 0"),
      (beta >= 0 && beta.isFinite, "beta must be a number from 0"),
      (alpha + beta > 0, "alpha and beta cannot both be 0: nothing would be learnt"),
      (temperature > 0 && temperature.isFinite, "the temperature must be a number above 0"),
      (
        ([rate] + [encoderRate, newRate].compactMap { $0 }).allSatisfy { $0 >= 0 && $0 <= 1 },
        "a learning rate must be a number from 0 to 1"
      ),
      ((0...1).contains(decay), "weight decay must be a number from 0 to 1"),
      ((0..<1).contains(warmup), "warm-up must be a share from 0 to below 1"),
      (clip > 0 && clip.isFinite, "the maximum gradient norm must be a number above 0"),
      ((1...65_536).contains(batch), "a batch must have 1 to 65536 posts"),
      ((1...65_536).contains(accumulation), "gradient accumulation must be 1 to 65536 batches"),
      ((1...1_000_000).contains(epochs), "epochs must be 1 to 1000000"),
      ((0..<1).contains(dropout), "dropout must be a share from 0 to below 1"),
      ((0...1).contains(pictureDropout), "picture dropout must be a share from 0 to 1"),
      (patience.map { $0 > 0 } ?? true, "patience must be a number of epochs from 1"),
    ]
    return checks.first { !$0.0 }?.1
  }

  /// Canonical JSON with sorted keys, for comparing a continued run.
  package var json: String {
    var json = JSONWriter(.canonical)
    var members: [(String, (inout JSONWriter) -> Void)] = [
      ("alpha", { $0.number(alpha) }), ("beta", { $0.number(beta) }), ("temperature", { $0.number(temperature) }),
      ("rate", { $0.number(rate) }), ("decay", { $0.number(decay) }), ("warmup", { $0.number(warmup) }),
      ("clip", { $0.number(clip) }), ("batch", { $0.number(batch) }), ("accumulation", { $0.number(accumulation) }),
      ("epochs", { $0.number(epochs) }), ("dropout", { $0.number(dropout) }),
      ("pictureDropout", { $0.number(pictureDropout) }), ("seed", { $0.number(seed) }),
      ("frozen", { $0.array(frozen) { $0.string($1.rawValue) } }),
      ("classWeights", { $0.string(classWeights.rawValue) }), ("selection", { $0.string(selection.rawValue) }),
      ("weights", { $0.string(weights.rawValue) }), ("precision", { $0.string(precision.rawValue) }),
    ]
    if let encoderRate { members.append(("encoderRate", { $0.number(encoderRate) })) }
    if let newRate { members.append(("newRate", { $0.number(newRate) })) }
    if let patience { members.append(("patience", { $0.number(patience) })) }
    json.object(members)
    return json.text
  }

  /// The optimiser's group of a tensor; nil if the tensor is not trained.
  ///
  /// Tensors that no loss reaches are not trained: the pooler without `cls`, and, without alignment, the modality that
  /// a single-modality classifier does not read.
  package func group(_ name: String, _ configuration: ModelConfiguration) -> BertAdam.Group? {
    let isText = name.hasPrefix("text_encoder."), isImage = name.hasPrefix("image_encoder.")
    if isText && frozen.contains(.text) || isImage && frozen.contains(.image) { return nil }
    if name.hasPrefix("pooler.") && configuration.pooling != .cls { return nil }
    if alpha == 0 {
      if configuration.aggregation == .text && (isImage || name.hasPrefix("image_projection.")) { return nil }
      if configuration.aggregation == .image && (isText || name.hasPrefix("text_projection.")) { return nil }
    }
    let own = isText || isImage ? encoderRate : newRate
    return BertAdam.Group(rate: own ?? rate, decays: BertAdam.decays(name))
  }

  /// The loss to train with, given the number of posts per label.
  package func objective(_ counts: [Int]) -> Objective {
    var objective = Objective()
    (objective.alpha, objective.beta, objective.temperature) = (alpha, beta, temperature)
    if classWeights == .balanced {
      let total = Double(counts.reduce(0, +)), labels = Double(counts.count)
      objective.classWeights = counts.map { total / (labels * Double(max($0, 1))) }
    }
    return objective
  }
}
