internal import Foundation
package import Tensors

/// Adam without bias correction, with weight decay added to the update, gradient clipping for each tensor separately,
/// and a learning rate that warms up and then decreases linearly: the optimiser with which BERT was trained.
///
/// m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², w −= rate · (m / (√v + ε) + decay · w), where g is scaled down to length
/// `clip` if it is longer, and rate = lr · (x < warm-up ? x / warm-up : 1 − x), with x the share of steps done.
package final class BertAdam {
  /// The defaults are those of the published run.
  package struct Settings: Sendable, Equatable {
    package var decay = 0.01
    package var warmup = 0.05
    package var clip = 1.0
    package var beta1 = 0.9
    package var beta2 = 0.999
    package var epsilon = 1e-6
    package var totalSteps = 1

    package init() {}
  }

  /// How a tensor is trained.
  package struct Group: Sendable, Equatable {
    /// The peak learning rate.
    package var rate: Double
    /// Whether weight decay applies.
    package var decays: Bool

    package init(rate: Double, decays: Bool) { (self.rate, self.decays) = (rate, decays) }
  }

  let settings: Settings
  /// Each tensor's group, in the order of the parameters; nil for one that is not trained.
  private let groups: [Group?]
  /// The running means of the gradient and of its square.
  let means: AlignedBuffer
  let squares: AlignedBuffer
  /// The number of steps done.
  package var steps = 0

  /// `groups`: each tensor's, in the order of the parameters; nil for one that is not trained.
  init(_ parameters: Parameters, groups: [Group?], _ settings: Settings) throws(TensorError) {
    precondition(groups.count == parameters.places.count, "every tensor has a group")
    (self.groups, self.settings) = (groups, settings)
    means = try AlignedBuffer(count: parameters.count)
    squares = try AlignedBuffer(count: parameters.count)
  }

  /// Whether weight decay applies to a tensor: not to biases, nor to norms of BERT and the fusion; it does to the ViT's
  /// norms.
  package static func decays(_ name: String) -> Bool {
    let isNorm = name.contains("norm") && !name.hasPrefix("image_encoder")
    return !name.hasSuffix("bias") && !isNorm
  }

  /// The current learning rate as a share of each group's peak.
  package var rate: Double {
    let done = Double(steps) / Double(settings.totalSteps)
    return done < settings.warmup ? done / settings.warmup : 1 - done
  }

  /// Updates the parameters with their gradients, which are first multiplied by `scale`.
  ///
  /// Takes time proportional to the number of parameters, and is bound by memory bandwidth. Returns nil, or the first
  /// tensor whose gradient is not finite; then nothing is updated.
  func step(_ pass: StepContext, scale: Double = 1) throws(TensorError) -> String? {
    let parameters = pass.parameters, rate = rate
    // All tensors are divided into parts of one size: the parts' squares are added in order, for any number of threads.
    let size = 65_536
    var parts: [(tensor: Int, range: Range<Int>)] = []
    for (index, place) in parameters.places.enumerated() where groups[index] != nil {
      for first in stride(from: place.range.lowerBound, to: place.range.upperBound, by: size) {
        parts.append((index, first..<min(first + size, place.range.upperBound)))
      }
    }
    let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: parts.count)
    defer { sums.deallocate() }
    try pass.threadPool.share(parts.count) { (part, _) throws(TensorError) in
      let range = parts[part].range
      sums[part] = VectorMath.squares(parameters.gradients.base + range.lowerBound, count: range.count)
    }
    var lengths = [Double](repeating: 0, count: parameters.places.count)
    for (part, sum) in zip(parts, sums) { lengths[part.tensor] += sum }
    if let index = lengths.firstIndex(where: { !$0.isFinite }) { return parameters.places[index].name }
    let settings = settings
    let (weights, gradients) = (parameters.weights.base, parameters.gradients.base)
    let (means, squares) = (means.base, squares.base)
    try pass.threadPool.share(parts.count) { (part, _) throws(TensorError) in
      let (tensor, range) = parts[part]
      guard let group = groups[tensor] else { return }
      // A small number avoids division by zero, as in the reference.
      let share = min(settings.clip / (sqrt(lengths[tensor]) * scale + 1e-6), 1)
      let update = AdamUpdate(
        gradientScale: Float(share * scale), beta1: Float(settings.beta1), beta2: Float(settings.beta2),
        epsilon: Float(settings.epsilon), decay: group.decays ? Float(settings.decay) : 0,
        rate: Float(group.rate * rate))
      let first = range.lowerBound
      update.apply(
        gradients + first, to: weights + first, means: means + first, squares: squares + first, count: range.count)
    }
    steps += 1
    try pass.roundParameters()
    return nil
  }
}

extension BertAdam {
  /// An optimiser for a trainable model's parameters; `group` gives each tensor's, by its name.
  package convenience init(
    of trainableModel: TrainableModel, _ settings: Settings, group: (String) -> Group?
  ) throws(TensorError) {
    try self.init(trainableModel.parameters, groups: trainableModel.tensorNames.map(group), settings)
  }

  /// Sets the gradients of the trained tensors to zero; the others are never read.
  package func clearGradients(of trainableModel: TrainableModel) {
    for (place, group) in zip(trainableModel.parameters.places, groups) where group != nil {
      trainableModel.parameters.gradient(place).update(repeating: 0, count: place.count)
    }
  }

  /// Updates a trainable model's parameters; see `step`.
  package func step(_ trainableModel: TrainableModel, scale: Double = 1) throws(TensorError) -> String? {
    try step(trainableModel.pass, scale: scale)
  }
}
