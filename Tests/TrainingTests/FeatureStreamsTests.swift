import GoldenModels
import Models
import Evaluation
import Tensors
import TestSupport
import Testing
import Training

/// A feature stream with the text encoder's output for knowledge, and with the projection and attention of knowledge,
/// must give the reference's results for knowledge.
@Suite struct FeatureStreamsTests {
  /// Models with knowledge, without graphs between text and knowledge.
  static let goldens = ["cls-2-no-graphs"].map(TrainingGolden.init(name:))

  /// The golden's model with a stream `heard` in place of its knowledge.
  private func twin(of golden: TrainingGolden, _ objective: Objective = Objective()) throws -> TrainableModel {
    var configuration = try golden.configuration
    configuration.knowledge = false
    configuration.features = [FeatureStream(name: "heard", width: configuration.text.hiddenSize)]
    let trainableModel = try TrainableModel(configuration, objective: objective)
    let weights = try golden.values("weights")
    for name in trainableModel.tensorNames {
      trainableModel[name] = try #require(weights[Self.source(of: name)], "\(name)")
    }
    try trainableModel.update()
    return trainableModel
  }

  /// The tensor of a model with knowledge that has the role of a tensor of the model with a stream.
  private static func source(of name: String) -> String {
    if name.hasPrefix("heard_projection") { return "text" + name.dropFirst("heard".count) }
    return name.split(separator: ".").map { $0 == "heard" ? "knowledge" : String($0) }.joined(separator: ".")
  }

  private func examples(of golden: TrainingGolden) throws -> [Example] {
    let trainableModel = try golden.trainableModel(), width = try golden.configuration.text.hiddenSize
    return try golden.examples().map { example in
      var example = example
      let knowledge = try #require(example.inputs.knowledge)
      let hidden = try #require(try trainableModel.encode(texts: [knowledge]).first)
      example.inputs.features = [FeatureRows(hidden, rows: hidden.count / width)]
      example.inputs.knowledge = nil
      return example
    }
  }

  @Test(arguments: goldens) func aStreamOfEncodedKnowledgeEqualsKnowledge(golden: TrainingGolden) throws {
    let trainableModel = try twin(of: golden), examples = try examples(of: golden)
    let theirs = try golden.trainableModel()
    let expected = try theirs.predict(golden.examples().map(\.inputs))
    let found = try trainableModel.predict(examples.map(\.inputs))
    for (a, b) in zip(found, expected) {
      let (most, largest) = difference(a.logits, b.logits)
      #expect(largest > 0.01 && most <= 1e-5 * largest)
    }

    let terms = try trainableModel.learn(examples), reference = try theirs.learn(golden.examples())
    #expect(terms.features == 0)
    #expect(abs(terms.total - reference.total) < 1e-5 * reference.total)
    var compared = 0
    for name in trainableModel.tensorNames where !name.hasPrefix("text_encoder") && !name.contains("text_projection") {
      // The text's projection learns from two streams there, each from its own here.
      var gradient = trainableModel.gradient(name)
      if name.hasPrefix("heard_projection") {
        let text = trainableModel.gradient("text" + name.dropFirst("heard".count))
        gradient = zip(gradient, text).map(+)
      }
      let (most, largest) = difference(gradient, theirs.gradient(Self.source(of: name)))
      #expect(most <= 1e-4 * (name.hasSuffix("key.bias") ? 0.01 : largest) + 1e-7, "\(name): \(most) of \(largest)")
      compared += name.contains("heard") && largest > 1e-6 ? 1 : 0
    }
    #expect(compared >= 10, "the stream's own tensors learn")
  }

  /// Scoring gives the results of the training network, for posts with and without features, with the same bits in any
  /// batch.
  @Test(arguments: Precision.allCases.filter(\.isSupported)) func scoringEqualsTraining(precision: Precision) throws {
    let golden = TrainingGolden(name: "mean-2"), scratch = try Scratch()
    var configuration = try golden.configuration
    configuration.features = [
      FeatureStream(name: "sound", width: 5, maxRows: 7), FeatureStream(name: "tags_2", width: 3),
    ]
    let trainableModel = try TrainableModel(configuration, objective: Objective())
    Initialisation.all(configuration.tensors, seed: 11) { trainableModel[$0] = $1 }
    try trainableModel.update()
    try scratch.write("config.json", configuration.json)
    try scratch.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n")
    let writer = try SafetensorsWriter(path: scratch.file("weights.safetensors"), tensors: configuration.tensors)
    for name in configuration.tensors.map(\.name) { try writer.append(trainableModel[name]) }
    try writer.finish()
    let folder = try ModelFolder.load(scratch.path)
    #expect(folder.configuration.features == configuration.features)
    let classifier = try PostClassifier(folder: folder, precision: precision)

    var random = SeededGenerator(seed: 3)
    let posts = try golden.examples().enumerated().map { index, example in
      var post = example.inputs
      func rows(_ count: Int, _ width: Int) -> FeatureRows {
        FeatureRows((0..<count * width).map { _ in Float(random.unit() * 2 - 1) }, rows: count)
      }
      if index != 1 { post.features = [index == 2 ? nil : rows(1 + index, 5), rows(4, 3)] }
      return post
    }
    let workspace = classifier.makeWorkspace()
    let scores = try classifier(posts, using: workspace), learnt = try trainableModel.predict(posts)
    for (index, (score, predict)) in zip(scores, learnt).enumerated() {
      #expect(score.vectors.map(\.space) == ["text", "image", "fused", "sound", "tags_2"])
      #expect(score.vectors.map { $0.values == nil } == predict.vectors.map { $0.values == nil })
      #expect((score.vectors[3].values == nil) == (index == 1 || index == 2))
      if precision == .f32 {
        for (a, b) in zip(score.vectors, predict.vectors) {
          let (most, largest) = difference(a.values ?? [0], b.values ?? [0])
          #expect(most <= 1e-5 * max(largest, 1e-3), "\(a.space) of post \(index)")
        }
      }
      let alone = try #require(try classifier([posts[index]], using: workspace).first)
      #expect(alone.logits == score.logits && alone.vectors[3].values == score.vectors[3].values)
    }
    var silent = posts[0]
    silent.features = []
    let muted = try #require(try classifier([silent], using: workspace).first)
    #expect(muted.logits != scores[0].logits, "what is heard makes a difference")
  }

  /// The slope of the alignment loss along any direction is the gradient's.
  @Test func theAlignmentOfFeaturesHasItsGradient() throws {
    let golden = TrainingGolden(name: "mean-5-no-knowledge")
    var configuration = try golden.configuration
    configuration.features = [FeatureStream(name: "sound", width: 5)]
    var objective = Objective()
    objective.beta = 0
    let trainableModel = try TrainableModel(configuration, objective: objective)
    Initialisation.all(configuration.tensors, seed: 4) { trainableModel[$0] = $1 }
    try trainableModel.update()
    var random = SeededGenerator(seed: 9)
    func floats(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.unit() * 2 - 1) } }
    let examples = try golden.examples().enumerated().map { index, example in
      var example = example
      example.inputs.features = [index == 4 ? nil : FeatureRows(floats(15), rows: 3)]
      example.teacher?.features = index == 3 ? [] : [floats(configuration.dim)]
      return example
    }
    let terms = try trainableModel.learn(examples)
    #expect(terms.features > 0.1)
    #expect(abs(terms.total - terms.text - terms.image - terms.features) < 1e-9)
    let names = ["sound_projection.fc1.weight", "sound_projection.fc2.bias"]
    // Gradients add up over several calls.
    for (name, gradient) in names.map({ ($0, trainableModel.gradient($0)) }) {
      let values = trainableModel[name], direction = floats(values.count)
      let slope = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      func loss(_ step: Float) throws -> Double {
        trainableModel[name] = zip(values, direction).map { $0 + step * $1 }
        try trainableModel.update()
        return try trainableModel.learn(examples).total
      }
      let measured = (try loss(1e-3) - loss(-1e-3)) / 2e-3
      _ = try loss(0)
      #expect(abs(slope) > 1e-4)
      #expect(abs(measured - slope) < 0.02 * abs(slope) + 1e-4, "\(name): \(measured), \(slope)")
    }
  }
}
