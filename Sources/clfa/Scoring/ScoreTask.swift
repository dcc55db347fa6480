internal import Tensors
internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Files
import Foundation
import Inputs
import Models
import Scoring
import Store

/// A validated `clfa score`: everything is found and read, nothing is computed yet.
struct ScoreTask {
  let flags: ScoreOptions
  let corpora: [String]
  let corpusOptions: CorpusOptions
  /// The corpus' files as the ledger names them.
  let names: [String]
  let folder: ModelFolder
  let folders: PictureFolders
  let features: FeatureFiles?
  /// How the corpus is read, as flags say it.
  let reading: [ReadingFlag]
  /// Warnings before a row is read.
  let notices: [String]
  let limits: PictureLimits
  let options: ScoringOptions

  /// Reads the corpus, says what a run would do, and whether the disk holds it.
  func plan(_ reader: consuming CorpusReader) throws {
    do {
      try planUnfinished(consume reader)
    } catch StoreError.runFinished(let name) where !flags.rescore {
      try printAlreadyFinished(name)
    }
  }

  private func planUnfinished(_ reader: consuming CorpusReader) throws {
    let (inputs, profile) = try Interruptible.loading { (try inputReader(), try folder.trainingProfile()) }
    let mismatches = try mismatches(of: &reader, inputs, profile)
    for notice in notices + Self.notices(mismatches, profile) { Console.line("notice: \(notice)") }
    let (store, existingPredictions) = try held()
    defer { store?.close() }
    let plan = try ScoringPlan(
      of: &reader, folders: folders, features: features, options: options, vectorWidths: vectorWidths,
      existingPredictions: existingPredictions,
      knows: { try store?.knows($0, spaces: options.spaces, existingPredictions: existingPredictions) ?? false }
    ) { rows in
      if Console.isTerminal { Console.move(to: rows.counted("row", "rows")) }
    }
    if Console.isTerminal { Console.clearLine() }
    if Interrupt.isRequested { throw ExitStatus.interrupted }
    let output = StandardOutput()
    for line in plan.lines(free: DiskSpace.free(at: flags.store), memory: peakMemory(), rescores: flags.rescore) {
      try output.write(line + "\n")
    }
    try output.flush()
  }

  /// Scores, and ends the process as the run ended; a named run that is finished already ends as it did then.
  func score(_ reader: consuming CorpusReader, since started: ContinuousClock.Instant) throws {
    do {
      try scoreUnfinished(consume reader, since: started)
    } catch StoreError.runFinished(let name) where !flags.rescore {
      try printAlreadyFinished(name)
    }
  }

  private func scoreUnfinished(_ reader: consuming CorpusReader, since started: ContinuousClock.Instant) throws {
    // A pipe's rows can be read once only; of files, the first rows are read twice.
    if reader.totalBytes != nil, !corpora.contains("-") { try checkDiskSpace() }
    let (inputs, profile) = try Interruptible.loading { (try inputReader(), try folder.trainingProfile()) }
    // Of a pipe it is waited for rows, last of all: a signal then ends a run that there is.
    let waits = CorpusSampler.readsAhead(reader, paths: corpora)
    var mismatches = waits ? nil : try mismatches(of: &reader, inputs, profile)
    // The model comes first: one that cannot be read must leave no run behind.
    let classifier = try Interruptible.loading { try PostClassifier(folder: folder, precision: precision) }
    if waits { mismatches = try self.mismatches(of: &reader, inputs, profile) }
    // Nothing is tried again in a store that is not there.
    let store = try StoreWriter.open(path: flags.store, creates: !(flags.retryFaults && flags.run != nil))
    var report = ScoringProgressReport(style: flags.progress.style)
    defer { store.closeAfterError { report.show(.notice($0)) } }
    for notice in precisionNotices + notices + Self.notices(mismatches, profile) { report.show(.notice(notice)) }
    for notice in store.notices { report.show(.notice(notice.description)) }
    for column in try store.declare(flags.column) {
      report.show(.notice("column \(column.name.text.printable) was of type \(column.type.rawValue) before"))
    }
    var request = request, options = options
    request.mismatches = mismatches.map(InputMismatch.json)
    options.reportedUnknownLabels = Self.reportedUnknownLabels(mismatches ?? [])
    let run = try store.openRun(request)
    if !run.isContinued, case let forgotten = try store.forgottenRecords(ofFiles: names), forgotten > 0 {
      report.show(
        .notice(
          "\(forgotten.counted("record", "records")) of \(names.listed(most: 5)) "
            + "\(forgotten == 1 ? "was" : "were") forgotten in an earlier run, but the files still hold them, so they "
            + "are scored again: remove them from the files, and forget them again"))
    }
    if let mix = run.mix { report.show(.notice(MachineMix.notice(run: run.name, mix))) }
    if flags.run == nil, run.name != corpora.first.map(FileStem.of) {
      report.say("the run is named \(run.name.printable)", json: ["event": "run", "name": run.name])
    }
    let scorer = Scorer(
      classifier: classifier, labelNames: folder.labelNames, reader: inputs, folders: folders,
      features: features, store: store, options: options)
    let startup = ContinuousClock.now - started
    let outcome = try scorer.score(consume reader, into: run) { report.show($0) }
    // Posts that were known may have brought other machines' numbers.
    let mix = try store.mix(ofRun: run.id)
    var found = mismatches ?? []
    let sums = outcome.end == .interrupted ? nil : try sums(of: run, in: store)
    let late = finalNotices(&found, outcome.totals, sums, profile)
    if mismatches != nil || !late.isEmpty { try store.record(mismatches: InputMismatch.json(found), of: run) }
    try store.close()
    report.finish(store: flags.store, run: run.name)
    if let mix, mix != run.mix { report.show(.notice(MachineMix.notice(run: run.name, mix))) }
    for notice in late { report.show(.notice(notice)) }
    let summary = ScoringSummary(run: run, outcome: outcome, startup: startup)
    report.say(summary.lines, json: summary.object)
    try leave(outcome)
  }

  /// Adds up what the run's posts gave the model; nil after an interrupt, which does not wait for a sum over the
  /// store. The run itself is done either way.
  private func sums(of run: OpenRun, in store: StoreWriter) throws -> RunInputs? {
    do throws(StoreError) {
      return try store.inputs(of: run, placeholders: Placeholder.words) { Interrupt.isRequested }
    } catch .interrupted {
      return nil
    }
  }

  /// Says that there is nothing left to do, so that a script that repeats the command until it succeeds ends.
  /// - Throws: `corpusChanged` if the corpus has more or fewer records than the run read; a stream is not asked.
  private func printAlreadyFinished(_ name: String) throws {
    let store = try StoreReader(path: flags.store)
    defer { store.close() }
    let run = try store.run(named: name)
    // A run that was to end early says nothing of how long its corpus was.
    if run.counts.limit == nil, run.counts.stop == nil { try checkCorpusUnchanged(since: run) }
    let faults = run.rows(.faulted)
    var words =
      "run \(name.printable) is already finished, so nothing was scored; another --run name scores the corpus anew"
    if faults > 0 { words += ", --retry-faults tries its \(faults.counted("fault", "faults")) again" }
    var report = ScoringProgressReport(style: flags.progress.style)
    report.say(words, json: ["event": "done", "run": name, "faulted": faults])
    if flags.strict.isOn && faults > 0 { throw ExitStatus.faults }
  }

  private func checkCorpusUnchanged(since run: RunSummary) throws {
    guard !corpora.contains("-") else { return }
    var reader = try CorpusReader(paths: corpora, options: corpusOptions)
    guard reader.totalBytes != nil else { return }
    var records: [ByteText: Int] = [:]
    while let row = try reader.next() {
      if Interrupt.isRequested { throw ExitStatus.interrupted }
      records[row.position.file] = row.position.record
    }
    for name in names {
      let read = run.counts.files.first { $0.name.hasSameBytes(as: name) }?.read ?? 0
      let more = records[ByteText(name), default: 0] - read
      if more != 0 { throw ScoreError.corpusChanged(file: name, run: run.name, more: more) }
    }
  }

  private var precision: Precision { flags.compute.precision.resolved(isQuantised: folder.isQuantised) }

  /// The precision that `auto` chose, and the recorded effect of int8.
  private var precisionNotices: [String] {
    let notices = [flags.compute.precision.notice(isQuantised: folder.isQuantised, under: flags.compute.isa)]
      .compactMap(\.self)
    guard precision == .int8 else { return notices }
    let record = folder.configuration.quantisation?.agreement.summary
    return notices + [
      record ?? "this model has no record of what int8 changes; clfa model quantize makes one"
    ]
  }

  private func inputReader() throws -> InputReader {
    try InputReader(folder: folder, limits: limits, decoding: options.decoding)
  }

  private var vectorWidths: [Int] {
    options.spaces.map { _ in folder.configuration.dim }
  }

  private var request: RunRequest {
    return RunRequest(
      name: flags.run ?? corpora.first.map(FileStem.of) ?? "stdin", nameIsGiven: flags.run != nil,
      scorer: ScorerRecord(
        modelFingerprint: folder.fingerprint, modelName: folder.name, precision: precision.rawValue,
        options: options.scorerJSON, labels: folder.labelNames),
      corpus: names.joined(separator: " + "), images: flags.pictures.images ?? PictureFolders.common(to: corpora),
      shard: options.shard?.description,
      sample: options.sample?.description, limit: options.limit, version: Version.number,
      machine: Machine(threads: options.threads).json, startedAt: Timestamp.now, reopensFinished: flags.retryFaults,
      reading: reading)
  }

  /// The predictions that the store already has, and the store to ask; empty if there is no store yet.
  private func held() throws -> (StoreReader?, ExistingPredictions) {
    guard StoreInfo.exists(at: flags.store) else { return (nil, .nothing) }
    do throws(StoreError) {
      let store = try StoreReader(path: flags.store)
      return (store, try store.existingPredictions(of: request))
    } catch .unfinished {
      // A run that was killed while it made the store left nothing in it.
      return (nil, .nothing)
    }
  }

  private func checkDiskSpace() throws {
    guard let free = DiskSpace.free(at: flags.store) else { return }
    let (store, existingPredictions) = try held()
    defer { store?.close() }
    var reader = try CorpusReader(paths: corpora, options: corpusOptions)
    let growth = try StoreGrowthEstimate(
      of: &reader, options: options, vectorWidths: vectorWidths, existingPredictions: existingPredictions
    ) { try store?.knows($0, spaces: options.spaces, existingPredictions: existingPredictions) ?? false }
    if let growth, growth.bytes > free {
      throw ScoreError.diskTooSmall(
        store: flags.store, needed: growth.bytes, free: free, hasVectors: !options.spaces.isEmpty)
    }
  }

  private func leave(_ outcome: ScoringOutcome) throws {
    switch outcome.end {
    case .finished:
      if flags.strict.isOn && outcome.totals[.faulted] > 0 { throw ExitStatus.faults }
    case .interrupted, .stopped: throw ExitStatus.interrupted
    case .tooManyFaults: throw ExitCode.failure
    }
  }
}

/// Why a run does not begin though its flags are right.
enum ScoreError: Error, CustomStringConvertible {
  /// The disk cannot hold what the store would grow by.
  case diskTooSmall(store: String, needed: Int, free: Int, hasVectors: Bool)
  /// A corpus has so many more records than when the run was finished; fewer where negative.
  case corpusChanged(file: String, run: String, more: Int)

  var description: String {
    switch self {
    case .diskTooSmall(let store, let needed, let free, let hasVectors):
      "\(store) would grow by about \(ByteCount.words(needed)), but only \(ByteCount.words(free)) are free there; "
        + (hasVectors ? "keep fewer vectors (--embeddings none), " : "")
        + "score a part of the corpus (--sample, --shard), or use another disk"
    case .corpusChanged(let file, let run, let more):
      "\(file.printable) has \(more.magnitude) \(more.magnitude == 1 ? "record" : "records") \(more > 0 ? "more" : "fewer") "
        + "than when run \(run.printable) was scored, so nothing was scored now: name another run with --run to "
        + "score the corpus as it is"
    }
  }
}
