import Models
import Seeded
import Testing
import Training

/// Gradients against differences of the loss in double precision, on shapes small enough for that.
@Suite struct FiniteDifferencesTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var aggregation = Aggregation.crossAttention
    var pooling = Pooling.mean
    var knowledge = true
    var graphs = true
    var testDescription: String { "\(aggregation) \(pooling) knowledge: \(knowledge) graphs: \(graphs)" }
  }

  static let shapes = [
    Shape(), Shape(pooling: .cls, knowledge: false), Shape(pooling: .max, graphs: false), Shape(aggregation: .concat),
    Shape(aggregation: .gated, knowledge: false), Shape(aggregation: .coAttention, knowledge: false),
    Shape(aggregation: .text, knowledge: false), Shape(aggregation: .image, knowledge: false),
  ]

  private func configuration(_ shape: Shape) -> ModelConfiguration {
    var made = ModelConfiguration(labelNames: ["a", "b", "c"])
    (made.text.vocabularySize, made.text.hiddenSize, made.text.layers, made.text.heads) = (12, 8, 1, 2)
    (made.text.feedForward, made.text.maxPositions) = (12, 8)
    (made.image.size, made.image.patchSize, made.image.hiddenSize, made.image.layers) = (4, 2, 6, 1)
    (made.image.heads, made.image.feedForward) = (3, 10)
    (made.dim, made.projectionHidden, made.fusionLayers, made.fusionHeads) = (8, 10, 2, 2)
    (made.fusionFeedForward, made.knowledge) = (12, shape.knowledge)
    (made.aggregation, made.pooling) = (shape.aggregation, shape.pooling)
    return made
  }

  private func batch(_ shape: Shape, _ random: inout SeededGenerator) -> [Example] {
    func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.number(in: -1...1)) } }
    return (0..<3).map { index in
      let text = (0..<3 + index).map { _ in Int32(random.index(below: 12)) }
      let knowledge = shape.knowledge ? (0..<5 - index).map { _ in Int32(random.index(below: 12)) } : nil
      var post = PostInputs(text: text, knowledge: knowledge, pixels: index == 1 ? nil : floats(48))
      if shape.graphs, shape.aggregation == .crossAttention {
        post.selfBias = floats(text.count * text.count)
        post.crossBias = knowledge.map { floats(text.count * $0.count) }
      }
      let teacher = index == 2 ? nil : TeacherVectors(text: floats(8), image: floats(8))
      return Example(inputs: post, label: index % 3, teacher: teacher)
    }
  }

  @Test(arguments: shapes) func gradientsAreDifferences(shape: Shape) throws {
    var random = SeededGenerator(seed: 5)
    let made = configuration(shape), examples = batch(shape, &random)
    let learner = try Learner(made, objective: Objective(), threads: 2)
    var twin = Twin(configuration: made, tensors: [:])
    for tensor in made.tensors {
      let values = (0..<tensor.count).map { _ in
        Float(random.number(in: -0.5...0.5)) + (tensor.name.contains("norm") ? 1 : 0)
      }
      learner[tensor.name] = values
      twin.tensors[tensor.name] = values.map(Double.init)
    }
    try learner.update()
    let loss = try learner.learn(examples).total
    #expect(abs(loss - twin.loss(examples)) < 1e-5 * loss)

    for tensor in made.tensors {
      let gradient = learner.gradient(tensor.name)
      let largest = gradient.map { abs(Double($0)) }.max() ?? 0
      for _ in 0..<min(2, tensor.count) {
        let place = random.index(below: tensor.count), step = 1e-5
        var (up, down) = (twin, twin)
        up.tensors[tensor.name]?[place] += step
        down.tensors[tensor.name]?[place] -= step
        let slope = (up.loss(examples) - down.loss(examples)) / (2 * step)
        // Sums in f32 are off by some millionths of the tensor's largest number; keys' biases have none but noise.
        #expect(
          abs(Double(gradient[place]) - slope) < 1e-4 * largest + 1e-6,
          "\(tensor.name)[\(place)]: \(gradient[place]) \(slope)")
      }
    }
  }
}
