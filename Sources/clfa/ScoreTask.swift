import ArgumentParser
import Corpus
import Foundation
import Inputs
import Models
import Scoring
import Store
import Tensors

/// A validated `clfa score`: everything is found and read, nothing is computed yet.
struct ScoreTask {
  let flags: ScoreFlags
  let corpora: [String]
  let corpusOptions: CorpusOptions
  /// The corpus' files as the ledger names them.
  let names: [String]
  let folder: ModelFolder
  let folders: PictureFolders
  let limits: PictureLimits
  let options: ScoringOptions

  /// Reads the corpus, says what a run would do, and whether the disk holds it.
  func plan(_ reader: consuming CorpusReader) throws {
    let plan = try ScoringPlan(
      of: &reader, folders: folders, options: options, vectorWidths: vectorWidths
    ) { rows in
      if Console.isTerminal { Console.write("\r\u{1B}[K\(rows) rows") }
    }
    if Console.isTerminal { Console.write("\r\u{1B}[K") }
    if Interrupt.isRequested { throw ExitStatus.interrupted }
    let output = StandardOutput()
    for line in plan.lines(free: DiskSpace.free(at: flags.store), memory: peakMemory()) {
      try output.write(line + "\n")
    }
    try output.flush()
  }

  /// Scores, and ends the process as the run ended.
  func score(_ reader: consuming CorpusReader, since started: ContinuousClock.Instant) throws {
    // A pipe's rows can be read once only; of files, the first rows are read twice.
    if reader.totalBytes != nil, !corpora.contains("-") { try refuseWhenTheDiskIsFull() }
    // The model comes first: one that cannot be read must leave no run behind.
    let classifier = try PostClassifier(folder: folder, precision: flags.precision.resolved)
    let inputs = try InputReader(folder: folder, limits: limits)
    let store = try StoreWriter.open(path: flags.store)
    var report = ProgressReport(style: flags.progress, store: flags.store)
    if let notice = flags.precision.notice { report.show(.notice(notice)) }
    for notice in store.notices { report.show(.notice(notice.description)) }
    let run = try store.openRun(request)
    if flags.run == nil, run.name != corpora.first.map(FileStem.of) {
      report.say("the run is called \(run.name)", json: ["event": "run", "name": run.name])
    }
    let scorer = Scorer(
      classifier: classifier, labelNames: folder.labelNames, reader: inputs, folders: folders, store: store,
      options: options)
    let startup = ContinuousClock.now - started
    let (end, progress): (ScoringEnd, ScoringProgress)
    do {
      (end, progress) = try scorer.score(consume reader, into: run) { report.show($0) }
    } catch {
      try? store.close()
      throw error
    }
    try store.close()
    report.finish()
    report.say(
      Self.summary(progress, run: run.name, end: end),
      json: Self.object(progress, run: run.name, end: end, startup: startup))
    try leave(end, progress)
  }

  private var vectorWidths: [Int] {
    options.spaces.map { _ in folder.configuration.dim }
  }

  private var request: RunRequest {
    let machine = Machine(
      instructionSet: OneDNN.instructionSet, library: "oneDNN \(OneDNN.version)", threads: options.threads)
    return RunRequest(
      name: flags.run ?? corpora.first.map(FileStem.of) ?? "stdin", nameIsGiven: flags.run != nil,
      scorer: ScorerRecord(
        modelFingerprint: folder.fingerprint, modelName: folder.name, precision: flags.precision.resolved.rawValue,
        options: "{}", labels: folder.labelNames),
      corpus: names.joined(separator: " + "), images: flags.images, shard: options.shard?.description,
      sample: options.sample?.description, limit: options.limit, version: Version.number,
      machine: machine.json, startedAt: Timestamp.now, reopensFinished: flags.retryFaults)
  }

  private func refuseWhenTheDiskIsFull() throws {
    guard let free = DiskSpace.free(at: flags.store),
      let needed = try DiskSpace.estimate(corpora, corpusOptions, vectorWidths: vectorWidths, options)
    else { return }
    if needed > free {
      throw ScoreRefusal.diskTooSmall(store: flags.store, needed: needed, free: free)
    }
  }

  private func leave(_ end: ScoringEnd, _ progress: ScoringProgress) throws {
    switch end {
    case .finished:
      if flags.strict && progress.faulted > 0 { throw ExitStatus.faults }
    case .interrupted, .stopped:
      Console.line("to go on: \(CommandLine.arguments.map(ShellWords.quoted).joined(separator: " "))")
      throw ExitStatus.interrupted
    case .tooManyFaults(let commonest):
      let kinds = commonest.map { "\($0.count) × \($0.code.rawValue)" }.joined(separator: ", ")
      Console.line("too many faults (--max-faults); the commonest: \(kinds)")
      throw ExitCode.failure
    }
  }

  private static func summary(_ progress: ScoringProgress, run: String, end: ScoringEnd) -> String {
    var words = "run \(run) \(end.state): \(progress.rows) rows = \(progress.scored) scored"
    words += " + \(progress.withoutPicture) without picture + \(progress.duplicates) duplicate"
    words += " + \(progress.faulted) faulted"
    if progress.known > 0 { words += "; \(progress.known) were known" }
    if progress.newVersions > 0 { words += "; \(progress.newVersions) new versions of known keys" }
    return words + String(format: "; %.1f s, %.1f rows/s", progress.seconds, progress.rate)
  }

  private static func object(
    _ progress: ScoringProgress, run: String, end: ScoringEnd, startup: Duration
  ) -> [String: Any] {
    var object = ProgressReport.numbers(progress)
    object["event"] = "summary"
    object["run"] = run
    object["state"] = end.state
    object["startup_seconds"] = ProgressReport.rounded(startup / .seconds(1))
    object["peak_bytes"] = peakMemory()
    return object
  }
}
