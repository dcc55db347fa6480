internal import Foundation
package import Models
package import Tensors

/// Fits two linear projections to pairs of vectors of frozen encoders, so that own pairs lie together in one space and
/// others apart: the symmetric contrastive loss of ``AlignmentLoss`` in both directions, minimised by ``BertAdam``.
///
/// The vectors' numbers are first brought to mean 0 and deviation 1; the projections that come out take them as they are.
/// The result does not depend on the number of threads.
package final class HeadFitter {
  /// What is to be chosen.
  package struct Settings: Sendable, Equatable {
    /// The numbers of a vector in the shared space.
    package var dim = 256
    /// How often each pair is seen.
    package var epochs = 10
    /// The most pairs of a step, each of which is told from all others.
    package var batch = 256
    /// What cosines are divided by.
    package var temperature = 0.07
    /// The peak learning rate.
    package var learningRate = 1e-3
    /// What the first numbers and the order of the pairs follow from.
    package var seed: UInt64 = 2022

    package init() {}
  }

  /// A text and a picture that belong together, by their places.
  package struct Pair: Sendable, Equatable {
    package var text: Int
    package var image: Int

    package init(text: Int, image: Int) { (self.text, self.image) = (text, image) }
  }

  private let settings: Settings
  private let texts: StandardisedVectors
  private let images: StandardisedVectors
  private let parameters: Parameters
  private let pass: StepContext
  private let textLayer: Linear
  private let imageLayer: Linear

  private static let names = (text: "text_projection", image: "image_projection")

  /// Begins with random projections.
  ///
  /// `texts` and `images`: the vectors of either side, each of one width; there is at least one of each.
  package init(texts: [[Float]], images: [[Float]], _ settings: Settings, threads: Int) throws(TensorError) {
    self.settings = settings
    (self.texts, self.images) = (StandardisedVectors(texts), StandardisedVectors(images))
    let tensors = [(Self.names.text, self.texts.width), (Self.names.image, self.images.width)].flatMap { name, width in
      [
        ModelConfiguration.TensorShape(name: name + ".weight", shape: [settings.dim, width]),
        ModelConfiguration.TensorShape(name: name + ".bias", shape: [settings.dim]),
      ]
    }
    parameters = try Parameters(tensors.map { ($0.name, $0.shape) })
    pass = StepContext(parameters, threadPool: ThreadPool(members: threads), format: .f32)
    textLayer = Linear(parameters, Self.names.text)
    imageLayer = Linear(parameters, Self.names.image)
    Initialisation.all(tensors, seed: settings.seed) { self[$0] = $1 }
  }

  /// A tensor's numbers.
  package subscript(name: String) -> [Float] {
    get { Array(parameters.values(parameters[name])) }
    set { _ = parameters.values(parameters[name]).update(fromContentsOf: newValue) }
  }

  /// The gradient by a tensor's numbers.
  package func gradient(_ name: String) -> [Float] {
    let place = parameters[name]
    return Array(UnsafeBufferPointer(start: parameters.gradient(place), count: place.count))
  }

  /// The loss of a batch, whose gradients are added to the parameters'.
  package func learn(_ batch: [Pair]) throws(TensorError) -> Double {
    pass.begin(dropping: nil)
    return try pass.temporarily { () throws(TensorError) in
      let inputs = [
        try operand(texts, batch.map(\.text), pass), try operand(images, batch.map(\.image), pass),
      ]
      let layers = [textLayer, imageLayer]
      var vectors: [[[Float]]] = []
      for (layer, input) in zip(layers, inputs) {
        vectors.append(batch.indices.map(try layer.forward(input, pass).view.values))
      }
      // The loss is the same from both sides, and gives the gradient of one.
      var sides: [(loss: Double, gradients: [[Float]])] = [(0, []), (0, [])]
      try sides.withUnsafeMutableBufferPointer { (sides) throws(TensorError) in
        let to = sides.baseAddress
        try pass.threadPool.share(2) { (side, _) throws(TensorError) in
          to?[side] = AlignmentLoss.of(vectors[side], vectors[1 - side], temperature: settings.temperature)
        }
      }
      for (side, layer) in layers.enumerated() {
        let d = try pass.zeros(batch.count, settings.dim)
        for (row, gradient) in sides[side].gradients.enumerated() {
          d.row(row).update(from: gradient, count: gradient.count)
        }
        try layer.backward(d, of: inputs[side], pass)
      }
      return sides[0].loss
    }
  }

  private func operand(
    _ vectors: StandardisedVectors, _ places: [Int], _ pass: StepContext
  ) throws(TensorError) -> Operand {
    let rows = try pass.zeros(places.count, vectors.width)
    for (row, place) in places.enumerated() {
      rows.row(row).update(from: vectors.values[place], count: vectors.width)
    }
    return try pass.operand(rows)
  }

  /// Fits the projections to pairs, epoch by epoch.
  ///
  /// - Parameters:
  ///   - pairs: what belongs together.
  ///   - shouldStop: asked before each step.
  ///   - observe: called after each epoch, which counts from 1, with its mean loss.
  /// - Returns: the mean loss of each epoch.
  /// - Throws: `TeachingError.tooFewPairs`, `diverged`, `interrupted`; `TensorError`.
  package func fit(
    _ pairs: [Pair], shouldStop: () -> Bool = { false }, observe: (_ epoch: Int, _ loss: Double) -> Void = { _, _ in }
  ) throws -> [Double] {
    let epochs = (0..<settings.epochs).map { Self.batches(pairs, epoch: $0, settings) }
    let steps = epochs.reduce(0) { $0 + $1.count }
    guard steps > 0 else { throw TeachingError.tooFewPairs(pairs: pairs.count) }
    var optimiser = BertAdam.Settings()
    optimiser.totalSteps = steps
    let adam = try BertAdam(
      parameters,
      groups: parameters.places.map {
        BertAdam.Group(rate: settings.learningRate, decays: BertAdam.decays($0.name))
      }, optimiser)
    var losses: [Double] = []
    for (epoch, batches) in epochs.enumerated() {
      var sum = 0.0
      for batch in batches {
        if shouldStop() { throw TeachingError.interrupted }
        let loss = try learn(batch)
        sum += loss
        guard loss.isFinite, try adam.step(pass) == nil else { throw TeachingError.diverged(epoch: epoch + 1) }
        parameters.clearGradients()
      }
      losses.append(sum / Double(max(batches.count, 1)))
      observe(epoch + 1, losses[epoch])
    }
    return losses
  }

  /// An epoch's pairs in an order of its own, in batches in which no text and no picture occurs twice: a pair waits for the
  /// next batch instead. A last batch of less than half a batch is left out, for others are what a pair is told from.
  package static func batches(_ pairs: [Pair], epoch: Int, _ settings: Settings) -> [[Pair]] {
    let order = EpochOrder(epoch: epoch, posts: pairs.count, seed: settings.seed, pictureDropout: 0).posts
    let size = min(settings.batch, pairs.count)
    var batches: [[Pair]] = [], waiting: [Pair] = [], next = 0
    while true {
      var batch: [Pair] = [], later: [Pair] = [], texts: Set<Int> = [], images: Set<Int> = []
      func take(_ pair: Pair) {
        guard batch.count < size, !texts.contains(pair.text), !images.contains(pair.image) else {
          later.append(pair)
          return
        }
        texts.insert(pair.text)
        images.insert(pair.image)
        batch.append(pair)
      }
      waiting.forEach(take)
      while batch.count < size, next < order.count {
        take(pairs[order[next]])
        next += 1
      }
      guard batch.count > 1, batch.count >= (size + 1) / 2 else { return batches }
      batches.append(batch)
      waiting = later
    }
  }

  /// The projections as they are now, for vectors as the encoders make them.
  package var heads: ProjectionHeads {
    ProjectionHeads(text: projection(Self.names.text, texts), image: projection(Self.names.image, images))
  }

  /// W·((x − μ) / σ) + b as one projection of x.
  private func projection(_ name: String, _ vectors: StandardisedVectors) -> LinearProjection {
    var weight = self[name + ".weight"], bias = self[name + ".bias"]
    for output in bias.indices {
      var shift = 0.0
      for input in 0..<vectors.width {
        let place = output * vectors.width + input, scaled = Double(weight[place]) / vectors.deviations[input]
        weight[place] = Float(scaled)
        shift += scaled * vectors.means[input]
      }
      bias[output] = Float(Double(bias[output]) - shift)
    }
    return LinearProjection(inputs: vectors.width, outputs: settings.dim, weight: weight, bias: bias)
  }
}

/// Vectors whose numbers have mean 0 and deviation 1 over all of them.
private struct StandardisedVectors {
  let width: Int
  let means: [Double]
  let deviations: [Double]
  let values: [[Float]]

  init(_ vectors: [[Float]]) {
    let width = vectors.first?.count ?? 0, count = Double(max(vectors.count, 1))
    var sums = [Double](repeating: 0, count: width)
    for vector in vectors { for index in 0..<width { sums[index] += Double(vector[index]) } }
    let means = sums.map { $0 / count }
    var squares = [Double](repeating: 0, count: width)
    for vector in vectors {
      for index in 0..<width {
        let difference = Double(vector[index]) - means[index]
        squares[index] += difference * difference
      }
    }
    // A number that is the same in all vectors tells nothing, and stays 0.
    let deviations = squares.map { $0 / count > 1e-12 ? ($0 / count).squareRoot() : 1 }
    (self.width, self.means, self.deviations) = (width, means, deviations)
    values = vectors.map { vector in
      (0..<width).map { Float((Double(vector[$0]) - means[$0]) / deviations[$0]) }
    }
  }
}
