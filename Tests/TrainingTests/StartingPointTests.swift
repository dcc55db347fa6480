import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

/// The initial state of a model that is trained further.
@Suite struct StartingPointTests {
  /// A trained model, and a run that begins with it and changes nothing.
  private static func run() throws -> TinyRun {
    var run = try TinyRun()
    try run.train(try run.trainer("first"))
    run.from = run.scratch.file("first")
    (run.settings.rate, run.settings.epochs) = (0, 1)
    return run
  }

  private static func values(_ run: TinyRun, _ model: String) throws -> [String: [Float]] {
    let folder = try ModelFolder.load(run.scratch.file(model))
    return Dictionary(
      uniqueKeysWithValues: folder.configuration.tensors.map { ($0.name, folder.values($0.name) ?? []) })
  }

  @Test func everyNumberIsThatOfTheModel() throws {
    let run = try Self.run()
    try run.train(try run.trainer())
    #expect(try Self.values(run, "model") == Self.values(run, "first"))
    #expect(try run.text("model/card.md").contains("Began with the model first ("))
  }

  @Test func allSettingsOfAHubsTokenizerAreTheModels() throws {
    let scratch = try Scratch(), folder = try TeachingTests.bert(scratch)
    try scratch.write(
      "bert/tokenizer_config.json",
      #"{"do_lower_case": false, "tokenize_chinese_chars": false, "additional_special_tokens": ["happy"]}"#)
    let text = try HubTextEncoder.load(folder)
    var model = ModelConfiguration(labelNames: ["no", "yes"])
    (model.tokenizer.maxText, model.tokenizer.maxKnowledge) = (5, 4)
    let start = StartingPoint(
      model, text: text, image: nil, vocabularyPath: text.vocabularyPath, words: [])
    var expected = text.tokenizer
    #expect(expected.addedTokens?.count == 5 && !expected.separatesChinese && !expected.lowercase)
    (expected.maxText, expected.maxKnowledge) = (5, 4)
    #expect(start.configuration.tokenizer == expected)
  }

  @Test func labelsKeepWhatWasLearntOfThemInAnyOrder() throws {
    var run = try Self.run()
    run.labels = ["yes", "no"]
    try run.train(try run.trainer())
    let before = try Self.values(run, "first"), after = try Self.values(run, "model")
    let old = try #require(before["classifier.weight"]), new = try #require(after["classifier.weight"])
    #expect(new == Array(old[8...]) + Array(old[..<8]))
    #expect(after["classifier.bias"] == before["classifier.bias"].map { $0.reversed() })
  }

  @Test func anotherNumberOfLabelsHasFreshRows() throws {
    var run = try Self.run()
    run.labels = ["maybe", "no", "yes"]
    let training = TinyRun.csv(0..<12) + "m,dog,,maybe\n"
    try run.train(try run.trainer(training: training))
    let before = try Self.values(run, "first"), after = try Self.values(run, "model")
    let old = try #require(before["classifier.weight"]), new = try #require(after["classifier.weight"])
    #expect(new.count == 24 && Array(new[8...]) == old && Set(new[..<8]).count == 8)
    for name in before.keys where !name.hasPrefix("classifier.") { #expect(after[name] == before[name], "\(name)") }
    var start = try run.start()
    start.configuration.labelNames = ["maybe", "no", "yes"]
    #expect(start.newLabels == ["maybe"])
  }

  /// Writes the first model again, with all numbers of one tensor equal.
  private static func set(_ run: TinyRun, _ name: String, to number: Float) throws {
    let folder = try ModelFolder.load(run.scratch.file("first")), tensors = folder.configuration.tensors
    let writer = try SafetensorsWriter(path: run.scratch.file("first/weights.safetensors"), tensors: tensors)
    for tensor in tensors {
      let values = try #require(folder.values(tensor.name))
      try writer.append(tensor.name == name ? values.map { _ in number } : values)
    }
    try writer.finish()
  }

  @Test(arguments: [Float.nan, .infinity]) func numbersThatAreNotFiniteAreNamed(number: Float) throws {
    let run = try Self.run()
    try Self.set(run, "text_projection.fc2.bias", to: number)
    #expect(throws: TrainingError.nonFiniteTensor(tensor: "text_projection.fc2.bias")) { try run.trainer() }
    #expect(!run.exists("model.training"))
  }

  @Test func divergenceStopsTheRunAndNamesStepAndTensor() throws {
    let run = try Self.run()
    try Self.set(run, "image_projection.fc2.bias", to: 3e38)
    let error = #expect(throws: TrainingError.self) { try run.train(try run.trainer()) }
    guard case .notFinite(let step, let what, nil)? = error else { throw try #require(error) }
    #expect(step == 0 && what.contains("3e+38, is in image_projection.fc2.bias"), "\(what)")
    #expect(!run.exists("model.training") && !run.exists("model"))
  }

  @Test func anotherShapeIsRejected() throws {
    let run = try Self.run()
    var start = try run.start()
    start.configuration.dim = 16
    let set = try run.set("train.csv", TinyRun.csv(0..<12), start)
    guard
      case .otherShape(let tensor, _)? = #expect(
        throws: TrainingError.self,
        performing: {
          try Trainer(
            start, run.settings, training: set, validation: set, output: run.scratch.file("model"), resume: false,
            threads: 1)
        })
    else { throw TestFailure() }
    #expect(tensor == "text_projection.fc2.weight")
  }

  /// Training read all posts and then asked the system for 195 GB.
  @Test func trainingThatTakesTooMuchMemoryIsRejectedBeforeAPostIsRead() throws {
    var run = try TinyRun()
    try run.start().checkMemory()
    (run.configuration.image.size, run.configuration.image.layers) = (256, 12)
    let start = try run.start()
    let error = #expect(throws: TrainingError.self) { try start.checkMemory() }
    guard case .setting(let words)? = error else { throw TestFailure() }
    #expect(words.contains("training on one post") && words.contains("image.patch_size"), "\(words)")
  }
}

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

  @Test func aTensorDependsOnlyOnItsNameAndTheSeed() {
    var other = Self.configuration
    (other.aggregation, other.knowledge) = (.concat, false)
    let one = Self.numbers(), two = Self.numbers(other), three = Self.numbers(seed: 2)
    for (name, values) in two where one[name] != nil { #expect(values == one[name], "\(name)") }
    #expect(one["classifier.weight"] != three["classifier.weight"])
  }
}
