import Archives
import GoldenModels
import Models
import Tensors
import Testing
import Training

/// A small model, a batch, and the results of the reference's training.
struct TrainingGolden: Sendable, CustomTestStringConvertible {
  /// The name among the goldens of the models' tests.
  let name: String
  /// How many posts the batch has.
  let count = 6

  static let all = [
    "mean-2", "cls-3", "max-5", "mean-5-no-knowledge", "cls-2-no-graphs", "max-3-no-knowledge", "concat-3",
    "concat-2-no-knowledge", "gated-2", "co-attention-3", "co-attention-2-no-knowledge", "text-3-no-knowledge",
    "image-2",
  ].map(TrainingGolden.init(name:))

  init(name: String) { self.name = name }

  var testDescription: String { name }

  private var tests: String {
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
  }

  var configuration: ModelConfiguration {
    get throws { try ModelFolder.configuration(of: "\(tests)/ModelsTests/Data/\(name)") }
  }

  func values(_ part: String) throws -> GoldenTensors {
    try GoldenTensors(path: "\(tests)/ModelsTests/Data/\(name)/\(part).safetensors")
  }

  /// The losses, gradients and steps.
  func expected() throws -> GoldenTensors {
    try GoldenTensors(path: "\(tests)/TrainingTests/Data/\(name).safetensors")
  }

  /// A trainableModel with the golden's parameters.
  func trainableModel(
    _ objective: Objective = Objective(), format: NumberFormat = .f32, threads: Int = 1
  ) throws -> TrainableModel {
    let trainableModel = try TrainableModel(configuration, objective: objective, format: format, threads: threads)
    let weights = try values("weights")
    for name in trainableModel.tensorNames { trainableModel[name] = try #require(weights[name], "\(name)") }
    try trainableModel.update()
    return trainableModel
  }

  /// The batch's posts with their labels and teachers, each with its own length and nothing masked.
  func examples() throws -> [Example] {
    let posts = try values("batch").posts, expected = try expected()
    let labels = try #require(expected["labels"])
    #expect(posts.count == count)
    return try posts.enumerated().map { index, post in
      let teacher = TeacherVectors(
        text: try #require(expected.slice("teacher_text", index)),
        image: try #require(expected.slice("teacher_image", index)))
      return Example(inputs: post, label: Int(labels[index]), teacher: teacher)
    }
  }
}

/// The largest difference, and the largest expected number.
func difference(_ values: [Float], _ expected: [Float]) -> (most: Float, largest: Float) {
  guard values.count == expected.count else { return (.infinity, 0) }
  var most: Float = 0, largest: Float = 0
  for (value, expected) in zip(values, expected) {
    let apart = abs(value - expected)
    most = apart <= most ? most : apart
    largest = max(largest, abs(expected))
  }
  return (most, largest)
}
