import Bytes
import Corpus
import Foundation
import Inputs
import Models
import Preparation
import Scoring
import Store
import TestSupport
import Testing

/// A corpus scored with the sample model through the library: values in, events and errors out.
@Suite struct ScoringTaskTests {
  private static let model = Checkout.samples + "/model"

  /// Two posts and a row with nothing to read.
  private static let rows = "id,text\n1,love the great train\n2,late again\n3,\n"

  private let scratch: Scratch
  private let corpus: String

  init() throws {
    scratch = try Scratch()
    corpus = try scratch.write("posts.csv", Self.rows)
  }

  private var store: String { scratch.file("posts.sqlite") }

  private func reader() throws -> CorpusReader { try CorpusReader(paths: [corpus], options: CorpusOptions()) }

  private func task(run: String? = "posts") throws -> ScoringTask {
    let folder = try ModelFolder.load(Self.model), limits = PictureLimits()
    let source = try ScoringCorpus(
      names: reader().files, paths: [corpus], options: CorpusOptions(), images: PictureLocation(), features: nil,
      reading: [],
      limits: limits)
    return ScoringTask(
      corpus: source, model: folder, precision: .f32, target: ScoringTarget(store: store, run: run, version: "0"),
      options: ScoringOptions(threads: 1, spaces: []), limits: limits,
      allowedMissing: MismatchFinder.inputs(of: folder.configuration).map(\.name))
  }

  private func score(run: String? = "posts", observe: (ScoringEvent) -> Void = { _ in }) throws
    -> ScoringTask.Ending<ScoringTask.Turn>
  {
    try task(run: run).score(reader(), since: .now, notices: ["seen before"], observe: observe)
  }

  @Test func aFinishedRunIsNotScoredAgain() throws {
    var notices: [String] = [], faults = 0
    let first = try score { event in
      if case .notice(let text) = event { notices.append(text) }
      if case .fault = event { faults += 1 }
    }
    guard case .done(let turn) = first else {
      Issue.record("nothing was scored")
      return
    }
    #expect(turn.outcome.end == .finished && turn.outcome.totals.rows == 3 && turn.run.name == "posts")
    #expect(turn.outcome.totals[.faulted] == 1 && faults == 1 && notices.first == "seen before")
    guard case .alreadyFinished("posts", faulted: 1) = try score() else {
      Issue.record("it was scored again")
      return
    }
    let plan = try task().plan(reader(), observe: { _ in }, progress: { _ in })
    guard case .alreadyFinished("posts", faulted: 1) = plan else {
      Issue.record("there is nothing to plan")
      return
    }
  }

  @Test func aFinishedRunsCorpusMayNotChange() throws {
    _ = try score()
    try scratch.write("posts.csv", Self.rows + "4,one more\n")
    #expect(throws: ScoringError.finishedCorpusChanged(file: "posts.csv", run: "posts", more: 1)) { try score() }
    try scratch.write("posts.csv", "id,text\n1,love the great train\n")
    #expect(throws: ScoringError.finishedCorpusChanged(file: "posts.csv", run: "posts", more: -2)) { try score() }
  }

  /// Without a precision of its own, a command keeps that of the run it continues, whatever was used since.
  @Test(arguments: ["posts", nil]) func thePrecisionOfAnEarlierRunIsKept(name: String?) throws {
    #expect(try task(run: name).keptPrecision(among: [.f32, .bf16]) == nil)
    _ = try score(run: name)
    let kept = try #require(try task(run: name).keptPrecision(among: [.f32, .bf16]))
    #expect(kept.precision == .f32 && kept.run == "posts")
    #expect(try task(run: "other").keptPrecision(among: [.f32, .bf16])?.precision == .f32)
    #expect(try task(run: name).keptPrecision(among: [.bf16]) == nil)
    // An older run that is not finished is the one to go on with.
    let model = try ModelFolder.load(Self.model)
    func begin(_ name: String, _ precision: Precision, _ corpus: String, finishes: Bool) throws {
      let store = try StoreWriter.open(path: store)
      let run = try store.openRun(
        RunRequest(
          name: name, nameIsGiven: true,
          scorer: ScorerRecord(
            modelFingerprint: model.fingerprint, modelName: model.name, precision: precision.rawValue,
            options: ScoringOptions(threads: 1, spaces: []).scorerJSON, labels: model.labelNames),
          corpus: corpus, version: "0", machine: "{}", startedAt: "2026-01-31T12:00:00Z"))
      if finishes { try store.finishRun(run, state: .finished, counts: run.counts, finishedAt: "2026-01-31T12:00:01Z") }
      try store.close()
    }
    try begin("posts-2", .bf16, "posts.csv", finishes: false)
    try begin("posts-3", .f32, "posts.csv", finishes: true)
    #expect(try task(run: nil).keptPrecision(among: [.f32, .bf16])?.precision == .bf16)
    #expect(try task(run: "posts").keptPrecision(among: [.f32, .bf16])?.precision == .f32)
    try begin("others", .bf16, "others.csv", finishes: true)
    #expect(try task(run: "fourth").keptPrecision(among: [.f32, .bf16])?.run == "posts-3")
  }

  @Test func aDefaultNameIsReported() throws {
    var names: [String] = []
    for _ in 1...2 {
      _ = try score(run: nil) { event in if case .named(let name) = event { names.append(name) } }
    }
    #expect(names == ["posts-2"])
  }

  @Test func aPlanComputesNothing() throws {
    var notices: [String] = []
    let ending = try task().plan(
      reader(), notices: ["seen before"],
      observe: { event in if case .notice(let text) = event { notices.append(text) } }, progress: { _ in })
    guard case .done(let plan) = ending else {
      Issue.record("there is no run yet")
      return
    }
    #expect(plan.rows == 3 && plan.withoutPicture == 2 && plan.faults == [.emptyPost: 1] && plan.bytesNeeded > 0)
    #expect(notices.first == "seen before")
    #expect(try scratch.names() == ["posts.csv"])
  }

  @Test func aStoreThatTheDiskCannotHoldIsRejected() throws {
    let task = try task()
    #expect {
      try task.checkDiskSpace(free: 1)
    } throws: { error in
      guard case ScoringError.diskTooSmall(store, let needed, free: 1, hasVectors: false) = error else { return false }
      return needed > 1 && "\(error)".hasSuffix("but only 1.0 B are free there")
    }
    try task.checkDiskSpace(free: nil)
    try task.checkDiskSpace(free: .max)
  }
}
