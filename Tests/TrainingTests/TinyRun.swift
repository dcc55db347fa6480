import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Models
import Scoring
import Training
import TestSupport

/// A run of a tiny model on eighteen posts whose words determine the label; dozens of runs take one second.
struct TinyRun {
  let scratch: Scratch
  var settings = TrainingSettings()
  var configuration = ModelConfiguration(labelNames: [])
  var words = ["good", "bad", "cat"]
  var lexicon: String?
  var teacher: TeacherCache?
  /// The model to train on.
  var from: String?
  /// The text encoder to start from.
  var text: HubTextEncoder?
  var labels: [ByteText]?
  /// Probabilities of labels to learn.
  var soft: SoftLabels?
  var card = CardFacts(name: "tiny", version: "1", machine: "a machine", command: "clfa train")

  init() throws {
    scratch = try Scratch()
    for (index, name) in ["a.png", "b.png", "c.png"].enumerated() {
      try scratch.png(name, (0..<12).map { UInt8(index * 60 + $0 * 5) })
    }
    (settings.alpha, settings.batch, settings.epochs, settings.rate) = (0, 4, 3, 0.01)
    configuration.text.hiddenSize = 8
    (configuration.text.layers, configuration.text.heads, configuration.text.feedForward) = (1, 1, 12)
    configuration.text.maxPositions = 8
    (configuration.image.size, configuration.image.patchSize, configuration.image.hiddenSize) = (2, 1, 8)
    (configuration.image.layers, configuration.image.heads, configuration.image.feedForward) = (1, 1, 12)
    (configuration.dim, configuration.projectionHidden, configuration.fusionLayers) = (8, 12, 2)
    (configuration.fusionHeads, configuration.fusionFeedForward) = (1, 12)
    configuration.knowledge = false
    (configuration.tokenizer.maxText, configuration.tokenizer.maxKnowledge) = (8, 8)
  }

  /// Posts as CSV, numbered by the range; every fourth has no picture if `without` is true.
  static func csv(
    _ range: Range<Int>, yes: String = "yes", without some: Bool = false, knowledge: Bool = false
  ) -> String {
    range.reduce(into: knowledge ? "id,text,knowledge,image,label\n" : "id,text,image,label\n") { text, index in
      let picture = some && index % 4 == 3 ? "" : ["a", "b", "c"][index % 3] + ".png"
      text += "p\(index),\(index % 2 == 0 ? "good" : "bad") \(index % 3 == 0 ? "cat" : "dog"),"
      text += "\(knowledge ? index % 5 == 0 ? "cat," : "dog," : "")\(picture),"
      text += "\(index % 2 == 0 ? yes : "no")\n"
    }
  }

  /// The model before training.
  func start() throws -> StartingPoint {
    if let from { return StartingPoint(from: try ModelFolder.load(from)) }
    let pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + words
    let vocabulary = try scratch.write("vocab.txt", pieces.joined(separator: "\n") + "\n")
    var configuration = configuration
    configuration.text.vocabularySize = pieces.count
    return StartingPoint(
      configuration, text: text, image: nil, vocabularyPath: text?.vocabularyPath ?? vocabulary,
      lexiconPath: try lexicon.map { try scratch.write("words.tsv", $0) }, words: ["nothing"])
  }

  /// Reads the posts of a CSV for a model.
  func set(_ name: String, _ csv: String, _ start: StartingPoint, labels: LabelSet? = nil) throws -> TrainingSet {
    let reader = try InputReader(
      configuration: start.configuration, vocabularyPath: start.vocabularyPath, lexiconPath: start.lexiconPath,
      limits: PictureLimits(), decoding: .exact)
    let posts = try TrainingPosts.read(
      paths: [try scratch.write(name, csv)], options: CorpusOptions(), reader: reader,
      labels: soft.map(labels == nil ? PostLabels.soft : PostLabels.ownElseSoft) ?? .own, threads: 1)
    return try TrainingSet(posts, labels: try labels ?? LabelSet(of: posts, names: self.labels), teacher: teacher)
  }

  /// A run that is ready to begin or to continue.
  func trainer(
    _ output: String = "model", resume: Bool = false, threads: Int = 1, training: String? = nil,
    validation: String? = nil, search: SettingSearch.Grid? = nil, budget: Double? = nil, cache: EncodingCache? = nil
  ) throws -> Trainer {
    var start = try start()
    let learnt = try set("train.csv", training ?? Self.csv(0..<12, knowledge: configuration.knowledge), start)
    start.configuration.labelNames = learnt.labels.names
    let judged = try set(
      "valid.csv", validation ?? Self.csv(12..<18, knowledge: configuration.knowledge), start, labels: learnt.labels)
    return try Trainer(
      start, settings, training: learnt, validation: judged, output: scratch.file(output), resume: resume,
      search: search, budget: budget, threads: threads, cache: cache)
  }

  /// Trains to the end, or for so many steps of this turn.
  @discardableResult
  func train(
    _ trainer: Trainer, stopAfter steps: Int = .max, checkpointSteps: Int? = nil
  ) throws -> TrainingOutcome {
    var done = 0
    return try trainer.run(
      card: card, checkpoints: CheckpointInterval(seconds: 600, steps: checkpointSteps),
      observe: { if case .step = $0 { done += 1 } }, shouldStop: { done >= steps })
  }

  /// The bytes of the files of a model that any run of the same command makes.
  func model(_ output: String = "model") throws -> [Data] {
    try ["weights.safetensors", "history.jsonl", "config.json", "vocab.txt"].map(bytes(of: output))
  }

  private func bytes(of output: String) -> (String) throws -> Data {
    { name in try Data(contentsOf: URL(filePath: scratch.file("\(output)/\(name)"))) }
  }

  /// The text of a file in the scratch folder.
  func text(_ name: String) throws -> String { try String(contentsOfFile: scratch.file(name), encoding: .utf8) }

  /// Whether there is a file or folder.
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: scratch.file(name)) }

  /// Vectors of width 8 for the posts of these numbers.
  mutating func teach(_ posts: Range<Int>) throws {
    let path = scratch.file("teacher.safetensors")
    let numbers = posts.flatMap { post in (0..<8).map { Float((post * 7 + $0 * 5) % 11) - 5 } }
    try SafetensorsTeacher.write(
      path, ids: posts.map { "p\($0)" }, text: numbers, image: numbers.reversed(), width: 8)
    teacher = try TeacherCache.load(path)
  }
}
