import Models
import Testing
import Training

@Suite struct InitialisationTests {
  private static var configuration: ModelConfiguration {
    var configuration = ModelConfiguration(labelNames: ["a", "b"])
    (configuration.text.vocabularySize, configuration.text.hiddenSize, configuration.text.layers) = (100, 32, 1)
    (configuration.text.heads, configuration.text.feedForward, configuration.image.hiddenSize) = (1, 64, 32)
    (configuration.image.layers, configuration.image.heads, configuration.image.feedForward) = (1, 1, 64)
    (configuration.dim, configuration.projectionHidden, configuration.fusionHeads) = (16, 24, 1)
    configuration.fusionFeedForward = 20
    return configuration
  }

  private static func numbers(seed: UInt64 = 1, _ configuration: ModelConfiguration = configuration) -> [String:
    [Float]]
  {
    var numbers: [String: [Float]] = [:]
    Initialisation.all(configuration.tensors, seed: seed) { numbers[$0] = $1 }
    return numbers
  }

  @Test func everyTensorHasItsNumbers() {
    let numbers = Self.numbers()
    for tensor in Self.configuration.tensors { #expect(numbers[tensor.name]?.count == tensor.count, "\(tensor.name)") }
  }

  @Test func normsChangeNothing() throws {
    for (name, values) in Self.numbers() where name.contains("norm") {
      #expect(values.allSatisfy { $0 == (name.hasSuffix("weight") ? 1 : 0) }, "\(name)")
    }
  }

  @Test func encodersBeginSmall() throws {
    let numbers = Self.numbers(), words = try #require(numbers["text_encoder.word.weight"])
    let deviation = (words.reduce(0) { $0 + Double($1 * $1) } / Double(words.count)).squareRoot()
    #expect(abs(deviation - 0.02) < 0.001 && abs(words.reduce(0, +) / Float(words.count)) < 0.001)
    #expect(numbers["image_encoder.blocks.0.fc1.bias"]?.allSatisfy { $0 == 0 } == true)
  }

  @Test(arguments: [
    ("text_projection.fc1", 32), ("text_projection.fc2", 24), ("fusion.1.fc2", 20), ("classifier", 16),
  ])
  func layersAreUniformWithinOneByTheRootOfTheirInputs(name: String, inputs: Int) throws {
    let numbers = Self.numbers(), bound = 1 / Float(inputs).squareRoot()
    for part in ["weight", "bias"] {
      let values = try #require(numbers["\(name).\(part)"])
      #expect(values.allSatisfy { abs($0) <= bound } && Set(values).count == values.count)
      #expect((values.map(abs).max() ?? 0) > 0.6 * bound, "\(name).\(part)")
    }
  }

  @Test func fusionLayersBeginEqualAndOthersDoNot() {
    let numbers = Self.numbers()
    for (name, values) in numbers where name.hasPrefix("fusion.0.") {
      #expect(values == numbers[name.replacing("fusion.0.", with: "fusion.2.")], "\(name)")
    }
    #expect(numbers["text_projection.fc2.weight"] != numbers["image_projection.fc2.weight"])
  }

  @Test func aTensorHangsOnItsNameAndTheSeedAlone() {
    var other = Self.configuration
    (other.aggregation, other.knowledge) = (.concat, false)
    let one = Self.numbers(), two = Self.numbers(other), three = Self.numbers(seed: 2)
    for (name, values) in two where one[name] != nil { #expect(values == one[name], "\(name)") }
    #expect(one["classifier.weight"] != three["classifier.weight"])
  }
}
