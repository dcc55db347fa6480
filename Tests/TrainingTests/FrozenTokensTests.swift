import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

/// Frozen encoders run once.
@Suite struct FrozenTokensTests {
  private static let names = ["text-tokens.f32", "image-tokens.f32"]

  /// A run with three streams, in which some posts have no picture.
  private static func run(_ frozen: [EncoderKind]) throws -> TinyRun {
    var run = try TinyRun()
    run.configuration.knowledge = true
    (run.settings.frozen, run.settings.dropout, run.settings.pictureDropout) = (frozen, 0, 0.3)
    try run.teach(0..<15)
    run.settings.alpha = 1
    return run
  }

  private static let training = TinyRun.csv(0..<12, without: true, knowledge: true)

  @Test(arguments: [[EncoderKind.text], [.image], [.text, .image]])
  func freezingEqualsALearningRateOfZero(frozen: [EncoderKind]) throws {
    let one = try Self.run(frozen)
    var two = try Self.run([])
    two.settings.encoderRate = 0
    try one.train(try one.trainer(training: Self.training))
    try two.train(try two.trainer(training: Self.training))
    if frozen.count == 2 { #expect(try one.model() == two.model()) }
    let start = try one.start(), trained = try ModelFolder.load(one.scratch.file("model"))
    for tensor in trained.configuration.tensors {
      let isFrozen = frozen.contains { tensor.name.hasPrefix($0 == .text ? "text_encoder." : "image_encoder.") }
      guard isFrozen else { continue }
      let other = try ModelFolder.load(two.scratch.file("model"))
      #expect(trained.values(tensor.name) == other.values(tensor.name), "\(tensor.name)")
    }
    #expect(start.configuration.dim == 8)
  }

  @Test func encodedTokensAreReusedUnlessTheyAreDamaged() throws {
    let run = try Self.run([.text, .image]), whole = try Self.run([.text, .image])
    try whole.train(try whole.trainer(training: Self.training))
    #expect(throws: TrainingError.self) { try run.train(try run.trainer(training: Self.training), stopAfter: 2) }
    let paths = Self.names.map { run.scratch.file("model.training/" + $0) }
    let before = try paths.map { try Data(contentsOf: URL(filePath: $0)) }
    #expect(before.allSatisfy { $0.count > 100 })
    func files() throws -> [Int] {
      try paths.map { try #require(FileManager.default.attributesOfItem(atPath: $0)[.systemFileNumber] as? Int) }
    }
    let first = try files()
    #expect(throws: TrainingError.self) {
      try run.train(try run.trainer(resume: true, training: Self.training), stopAfter: 1)
    }
    #expect(try files() == first, "used again")
    try before[0].dropLast(4).write(to: URL(filePath: paths[0]))
    try Data("another run".utf8).write(to: URL(filePath: paths[1] + ".identity"))
    #expect(throws: TrainingError.self) {
      try run.train(try run.trainer(resume: true, training: Self.training), stopAfter: 1)
    }
    #expect(try paths.map { try Data(contentsOf: URL(filePath: $0)) } == before, "made anew")
    try run.train(try run.trainer(resume: true, training: Self.training))
    #expect(try run.model() == whole.model())
  }

  @Test func postsWithoutAnyPictureAreFine() throws {
    let run = try Self.run([.image])
    let csv =
      "id,text,knowledge,image,label\n"
      + (0..<8).map { "q\($0),good cat,dog,,\($0 % 2 == 0 ? "yes" : "no")\n" }.joined()
    var plain = run
    plain.settings.alpha = 0
    try plain.train(try plain.trainer(training: csv, validation: csv))
    #expect(run.exists("model/weights.safetensors"))
  }

  @Test func anInterruptedEncodingCanContinue() throws {
    let run = try Self.run([.text])
    var start = try run.start()
    let set = try run.set("train.csv", TinyRun.csv(0..<12, knowledge: true), start)
    start.configuration.labelNames = set.labels.names
    let error = #expect(throws: TrainingError.self) {
      try Trainer(
        start, run.settings, training: set, validation: set, output: run.scratch.file("model"), resume: false,
        threads: 1, shouldStop: { true })
    }
    #expect(error.map { "\($0)".contains("while frozen encoders ran") } == true)
    try run.train(try run.trainer(resume: true))
    #expect(run.exists("model/weights.safetensors"))
  }
}
