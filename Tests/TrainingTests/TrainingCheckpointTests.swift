import Bytes
import Foundation
import Models
import TestSupport
import Testing
import Training

/// A stopped run and its continuation.
@Suite struct CheckpointTests {
  /// Stops a run after four steps, changes it, and continues it.
  private static func error(_ change: (inout TinyRun) throws -> Void) throws -> TrainingError? {
    var run = try TinyRun()
    run.settings.epochs = 2
    try stop(run, after: 4)
    try change(&run)
    return #expect(throws: TrainingError.self) { try run.trainer(resume: true) }
  }

  private static func stop(_ run: TinyRun, after steps: Int) throws {
    let error = #expect(throws: TrainingError.self) { try run.train(try run.trainer(), stopAfter: steps) }
    guard case .interrupted(steps, _, _)? = error else { throw try #require(error) }
  }

  @Test(arguments: [1, 3, 5, 8]) func aContinuedRunEndsInTheSameBytes(steps: Int) throws {
    var whole = try TinyRun(), parts = try TinyRun()
    for change in [\TinyRun.settings.dropout, \.settings.pictureDropout] {
      whole[keyPath: change] = 0.2
      parts[keyPath: change] = 0.2
    }
    try whole.train(try whole.trainer())
    try Self.stop(parts, after: steps)
    #expect(throws: TrainingError.self) { try parts.train(try parts.trainer(resume: true), stopAfter: 0) }
    try parts.train(try parts.trainer(resume: true, threads: 2))
    #expect(try parts.model() == whole.model() && !parts.exists("model.training"))
  }

  /// A signal waited for the end of the step, and for the whole of a validation.
  @Test(arguments: [1, 7, 20, 31, 60, 100, 150]) func aSignalIsHeardWithinAStepAndWithinAValidation(ask: Int) throws {
    let whole = try TinyRun(), parts = try TinyRun()
    var asked = 0
    let error = #expect(throws: TrainingError.self) {
      _ = try parts.trainer().run(
        card: parts.card, checkpoints: CheckpointInterval(seconds: 600), observe: { _ in },
        shouldStop: {
          asked += 1
          return asked >= ask
        })
    }
    guard case .interrupted? = error else { throw try #require(error) }
    #expect(asked == ask, "nothing is computed after the first yes")
    try whole.train(try whole.trainer())
    try parts.train(try parts.trainer(resume: true))
    #expect(try parts.model() == whole.model())
  }

  @Test func aKilledRunContinuesFromItsLastCheckpoint() throws {
    let run = try TinyRun(), whole = try TinyRun()
    try whole.train(try whole.trainer())
    // The state after a kill that follows the second epoch: a checkpoint from its middle, and the history and the best
    // epoch from its end.
    let files = FileManager.default, middle = run.scratch.file("middle"), folder = run.scratch.file("model.training")
    var copied = false
    #expect(throws: TrainingError.self) {
      let trainer = try run.trainer()
      _ = try trainer.run(
        card: run.card, checkpoints: CheckpointInterval(seconds: 600, steps: 4),
        observe: { event in
          guard case .epoch(let record, _) = event, record.epoch == 2 else { return }
          copied = (try? files.copyItem(atPath: folder, toPath: middle)) != nil
        }, shouldStop: { copied })
    }
    try files.removeItem(atPath: folder)
    try files.moveItem(atPath: middle, toPath: folder)
    try run.train(try run.trainer(resume: true))
    #expect(try run.model() == whole.model())
  }

  @Test func otherSettingsAreNamed() throws {
    guard case .otherRun(_, let what, let then, let now) = try Self.error({ $0.settings.rate = 0.02 }) else {
      throw TestFailure()
    }
    #expect((what, then, now) == ("rate", "0.01", "0.02"))
  }

  static let changes: [(what: String, change: @Sendable (inout TinyRun) throws -> Void)] = [
    ("seed", { $0.settings.seed = 3 }), ("encoderRate", { $0.settings.encoderRate = 0.1 }),
    ("fusion_layers", { $0.configuration.fusionLayers = 1 }),
    ("aggregation", { $0.configuration.aggregation = .gated }),
    ("label_names", { $0.labels = ["yes", "no"] }), ("posts to learn from", { try $0.teach(0..<12) }),
    ("posts to validate with", { try $0.teach(12..<18) }), ("text", { $0.words.append("dog") }),
    ("vocabulary", { $0.words[2] = "dove" }),
  ]

  @Test(arguments: changes.indices) func anotherRunIsRejectedByWhatDiffers(index: Int) throws {
    guard case .otherRun(_, let what, _, _) = try Self.error(Self.changes[index].change) else { throw TestFailure() }
    #expect(what == Self.changes[index].what)
  }

  @Test func anotherSpellingOfALabelIsRejected() throws {
    let run = try TinyRun()
    func trainer(_ label: String, resume: Bool) throws -> Trainer {
      try run.trainer(
        resume: resume, training: TinyRun.csv(0..<12, yes: label), validation: TinyRun.csv(12..<18, yes: label))
    }
    #expect(throws: TrainingError.self) { try run.train(try trainer("s\u{ED}", resume: false), stopAfter: 2) }
    guard
      case .otherRun(_, "label_names", let then, let now)? = #expect(
        throws: TrainingError.self, performing: { try trainer("si\u{301}", resume: true) })
    else { throw TestFailure() }
    #expect(then.unicodeScalars.count + 1 == now.unicodeScalars.count)
  }

  @Test func anotherLexiconIsRejected() throws {
    var run = try TinyRun()
    run.lexicon = "good\t1\nbad\t-1\n"
    try Self.stop(run, after: 2)
    run.lexicon = "good\t1\nbad\t-0.5\n"
    guard
      case .otherRun(_, "lexicon", _, _)? = #expect(
        throws: TrainingError.self,
        performing: {
          try run.trainer(resume: true)
        })
    else { throw TestFailure() }
  }

  @Test func aDamagedOneIsRejected() throws {
    let run = try TinyRun(), path = run.scratch.file("model.training/checkpoint.safetensors")
    try Self.stop(run, after: 2)
    let whole = try Data(contentsOf: URL(filePath: path))
    let text = String(decoding: whole, as: UTF8.self)
    #expect(text.contains("\\\"step\\\":2"))
    var strange = whole
    if let range = whole.firstRange(of: Data("\\\"step\\\":2".utf8)) {
      strange.replaceSubrange(range, with: Data("\\\"step\\\":9".utf8))
    }
    for data in [Data(), whole.prefix(100), whole.dropLast(1), Data(repeating: 7, count: 500), strange] {
      try data.write(to: URL(filePath: path))
      guard
        case .badCheckpoint(path, _)? = #expect(
          throws: TrainingError.self,
          performing: {
            try run.trainer(resume: true)
          })
      else { throw TestFailure() }
      #expect(try Data(contentsOf: URL(filePath: path)) == data, "what is damaged stays")
    }
  }
}

/// An expected event did not happen.
struct TestFailure: Error {}
