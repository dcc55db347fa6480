package import Bytes
package import Corpus
import Files
package import Inputs
package import Models
import Preparation
package import Store
import Tensors

/// The scoring of a corpus into a store, from checking the disk space to the final notices.
package struct ScoringTask {
  let corpus: ScoringCorpus
  let model: ModelFolder
  /// The precision of the model's products.
  package var precision: Precision
  let target: ScoringTarget
  let options: ScoringOptions
  let limits: PictureLimits
  /// The inputs that nearly all posts may lack even though the model was trained with them, by name.
  let allowedMissing: [String]

  package init(
    corpus: ScoringCorpus, model: ModelFolder, precision: Precision, target: ScoringTarget, options: ScoringOptions,
    limits: PictureLimits, allowedMissing: [String]
  ) {
    (self.corpus, self.model, self.precision, self.target) = (corpus, model, precision, target)
    (self.options, self.limits, self.allowedMissing) = (options, limits, allowedMissing)
  }

  /// The result of a task.
  package enum Ending<Work> {
    /// The work was done.
    case done(Work)
    /// A finished run of this name and command exists, with this many faults; nothing was done.
    case alreadyFinished(run: String, faulted: Int)
  }

  /// A command's work on a run.
  package struct Turn {
    /// The run.
    package let run: OpenRun
    package let outcome: ScoringOutcome
    /// The time until the first row was read.
    package let startup: Duration
    /// The reposts among the run's posts; nil after an interrupt.
    package let reposts: RunReposts?
    /// The run's faults by stage and code, the most common first.
    package let faults: [FaultCount]
    /// Notices from the whole run that its first rows did not show.
    package let notices: [String]
  }

  /// Reads the corpus and counts what a run would do.
  ///
  /// - Parameters:
  ///   - reader: the corpus, from which no row was read yet.
  ///   - notices: notices of the caller, which come first.
  ///   - observe: called with each notice.
  ///   - progress: called from time to time with the number of rows read.
  /// - Returns: the plan, or the finished run of the same name and command.
  /// - Throws: `ScoringError`, `MissingInputsError`; errors of the corpus, the model's files or the store.
  package func plan(
    _ reader: consuming CorpusReader, notices: [String] = [], observe: (ScoringEvent) -> Void, progress: (Int) -> Void
  ) throws -> Ending<ScoringPlan> {
    do {
      let (inputs, profile) = try Interrupt.loading { (try inputReader(), try model.trainingProfile()) }
      let mismatches = try mismatches(of: &reader, inputs, profile)
      for notice in notices + Self.notices(mismatches, profile) { observe(.notice(notice)) }
      let (store, existingPredictions) = try held()
      defer { store?.close() }
      let plan = try ScoringPlan(
        of: &reader, folders: corpus.folders, features: corpus.features, options: options, vectorWidths: vectorWidths,
        existingPredictions: existingPredictions,
        knows: { try store?.knows($0, spaces: options.spaces, existingPredictions: existingPredictions) ?? false },
        observe: progress)
      if Interrupt.isRequested { throw ScoringError.interrupted }
      return .done(plan)
    } catch StoreError.runFinished(let name) where !options.rescores {
      return try finished(name)
    }
  }

  /// Scores the corpus; a finished run of the same name and command is not changed.
  ///
  /// - Parameters:
  ///   - reader: the corpus, from which no row was read yet.
  ///   - started: when the command began.
  ///   - notices: notices of the caller, which come first.
  ///   - observe: called with each event, on the calling thread.
  /// - Returns: the numbers of the command, or the finished run of the same name and command.
  /// - Throws: `ScoringError`, `MissingInputsError`; errors of the corpus, the model's files, a worker or the store.
  package func score(
    _ reader: consuming CorpusReader, since started: ContinuousClock.Instant, notices: [String] = [],
    observe: (ScoringEvent) -> Void
  ) throws -> Ending<Turn> {
    do {
      return .done(try scoreUnfinished(reader, since: started, notices, observe))
    } catch StoreError.runFinished(let name) where !options.rescores {
      return try finished(name)
    }
  }

  private func scoreUnfinished(
    _ reader: consuming CorpusReader, since started: ContinuousClock.Instant, _ notices: [String],
    _ observe: (ScoringEvent) -> Void
  ) throws -> Turn {
    // A pipe's rows can be read only once; the first rows of files are read twice.
    if reader.totalBytes != nil, !corpus.hasStandardInput { try checkDiskSpace() }
    let (inputs, profile) = try Interrupt.loading { (try inputReader(), try model.trainingProfile()) }
    // Waiting for a pipe's rows comes last: a signal then ends an existing run.
    let waits = CorpusSampler.readsAhead(reader)
    var mismatches = waits ? nil : try mismatches(of: &reader, inputs, profile)
    // The model is loaded first: if it cannot be read, no run must be left behind.
    let classifier = try Interrupt.loading { try PostClassifier(folder: model, precision: precision) }
    if waits { mismatches = try self.mismatches(of: &reader, inputs, profile) }
    // There is nothing to retry in a store that does not exist.
    let store = try StoreWriter.open(path: target.store, creates: !(options.retriesFaults && target.run != nil))
    defer { do { try store.close() } catch { observe(.notClosed(error)) } }
    for notice in notices + Self.notices(mismatches, profile) { observe(.notice(notice)) }
    for notice in store.notices { observe(.notice(notice.description)) }
    for column in try store.declare(options.columnTypes) {
      observe(.notice("column \(column.name.text.printable) was of type \(column.type.rawValue) before"))
    }
    var request = request, options = options
    request.mismatches = mismatches.map(InputMismatch.json)
    options.reportedUnknownLabels = Self.reportedUnknownLabels(mismatches ?? [])
    let run = try store.openRun(request)
    if !run.isContinued,
      let words = Self.forgottenNotice(try store.forgottenRecords(ofFiles: corpus.names), corpus.names)
    {
      observe(.notice(words))
    }
    if options.retriesFaults, !run.isContinued { observe(.notice(Self.nothingToRetry(run.name, options))) }
    if let mix = run.mix { observe(.notice(MachineMix.notice(run: run.name.text, mix))) }
    if target.run == nil, run.name != corpus.paths.first.map({ ByteText(FileStem.of($0)) }) {
      observe(.named(run.name.text))
    }
    let scorer = Scorer(
      classifier: classifier, labelNames: model.labelNames, reader: inputs, folders: corpus.folders,
      features: corpus.features, store: store, options: options)
    let startup = ContinuousClock.now - started
    let outcome = try scorer.score(reader, into: run, observe: observe)
    // Posts that were already scored may add the machines of other runs.
    let mix = try store.mix(ofRun: run.id)
    var found = mismatches ?? []
    let sums = outcome.end == .interrupted ? nil : try sums(of: run, in: store)
    let reposts = outcome.end == .interrupted ? nil : try reposts(of: run, in: store)
    let faults = try store.faults(of: run)
    let late = finalNotices(&found, outcome.totals, sums, profile)
    if mismatches != nil || !late.isEmpty { try store.record(mismatches: InputMismatch.json(found), of: run) }
    try store.close()
    let mixed = mix.flatMap { $0 == run.mix ? nil : MachineMix.notice(run: run.name.text, $0) }
    return Turn(
      run: run, outcome: outcome, startup: startup, reposts: reposts, faults: faults,
      notices: [mixed].compactMap(\.self) + late)
  }

  /// Adds up the inputs of the run's posts; nil after an interrupt, which does not wait for this. The run itself is
  /// finished either way.
  private func sums(of run: OpenRun, in store: StoreWriter) throws -> RunInputs? {
    do throws(StoreError) {
      return try store.inputs(of: run, placeholders: Placeholder.words) { Interrupt.isRequested }
    } catch .interrupted {
      return nil
    }
  }

  /// Counts the run's reposts; nil after an interrupt.
  private func reposts(of run: OpenRun, in store: StoreWriter) throws -> RunReposts? {
    do throws(StoreError) {
      return try store.reposts(of: run) { Interrupt.isRequested }
    } catch .interrupted {
      return nil
    }
  }

  /// Why no faults are tried again, although that was asked for.
  private static func nothingToRetry(_ name: ByteText, _ options: ScoringOptions) -> String {
    let accepts = options.truncatedPictures == .accept
    return "no earlier run has this corpus, model and options, so \(name.printable) is a new run, which scores every "
      + "row instead of trying faults again"
      + (accepts
        ? "; a run accepts cut pictures from its beginning or not at all, so that all its scores are made alike: "
          + "the faults of a run that does not accept them are tried again by a command that does not, either" : "")
  }

  private static func forgottenNotice(_ count: Int, _ names: [String]) -> String? {
    guard count > 0 else { return nil }
    return "\(count) \(count == 1 ? "record" : "records") of \(names.listed(most: 5)) \(count == 1 ? "was" : "were") "
      + "forgotten in an earlier run, but the files still hold them, so they are scored again: remove them from the "
      + "files, and forget them again"
  }

  func inputReader() throws -> InputReader {
    try InputReader(folder: model, limits: limits, decoding: options.decoding)
  }

  private var vectorWidths: [Int] { options.spaces.map { _ in model.configuration.dim } }

  private var request: RunRequest {
    RunRequest(
      name: target.run ?? corpus.paths.first.map(FileStem.of) ?? "stdin", nameIsGiven: target.run != nil,
      scorer: ScorerRecord(
        modelFingerprint: model.fingerprint, modelName: model.name, precision: precision.rawValue,
        options: options.scorerJSON, labels: model.labelNames),
      corpus: corpus.title, images: corpus.images.recorded ?? PictureFolders.common(to: corpus.paths),
      shard: options.shard?.description,
      sample: options.sample?.description, limit: options.limit, version: target.version,
      machine: Machine(threads: options.threads).json, startedAt: Timestamp.now,
      reopensFinished: options.retriesFaults, reading: corpus.reading)
  }

  /// The store's reader and the part of this work that the store already has; nil and nothing if there is no store yet.
  private func held() throws -> (StoreReader?, ExistingPredictions) {
    guard let store = try existingStore() else { return (nil, .nothing) }
    return (store, try store.existingPredictions(of: request))
  }

  /// The store's reader; nil if there is no store yet.
  private func existingStore() throws(StoreError) -> StoreReader? {
    guard StoreInfo.exists(at: target.store) else { return nil }
    do throws(StoreError) {
      return try StoreReader(path: target.store)
    } catch .unfinished {
      // A run that was killed while it created the store left nothing in it.
      return nil
    }
  }

  /// The precision of the run that this command continues, or of an earlier one of the same corpus, model and options.
  ///
  /// - Parameter candidates: the precisions that may be chosen.
  /// - Returns: the precision and the run's name; nil if there is no such run.
  /// - Throws: errors of the store.
  package func keptPrecision(among candidates: [Precision]) throws -> (precision: Precision, run: ByteText)? {
    guard let store = try existingStore() else { return nil }
    defer { store.close() }
    let kept = try store.precision(like: request, among: candidates.map(\.rawValue))
    return kept.flatMap { kept in Precision(rawValue: kept.precision).map { ($0, kept.run) } }
  }

  /// Rejects a run whose results do not fit on the disk.
  ///
  /// - Parameter free: the free bytes of the store's file system; nil if unknown.
  /// - Throws: `ScoringError.diskTooSmall`; errors of the corpus or the store.
  package func checkDiskSpace(free: Int?) throws {
    guard let free else { return }
    let (store, existingPredictions) = try held()
    defer { store?.close() }
    var reader = try corpus.open()
    let growth = try StoreGrowthEstimate(
      of: &reader, options: options, vectorWidths: vectorWidths, existingPredictions: existingPredictions
    ) { try store?.knows($0, spaces: options.spaces, existingPredictions: existingPredictions) ?? false }
    if let growth, growth.bytes > free {
      throw ScoringError.diskTooSmall(
        store: target.store, needed: growth.bytes, free: free, hasVectors: !options.spaces.isEmpty)
    }
  }

  private func checkDiskSpace() throws { try checkDiskSpace(free: DiskSpace.free(at: target.store)) }

  // MARK: - A finished run

  /// A finished run's faults.
  ///
  /// - Throws: `ScoringError.finishedCorpusChanged` if the corpus has more or fewer records than the run read; a stream
  ///   is not checked.
  private func finished<Work>(_ name: String) throws -> Ending<Work> {
    let store = try StoreReader(path: target.store)
    defer { store.close() }
    let run = try store.run(named: name)
    // A run with a limit does not record how long its corpus was.
    if run.counts.limit == nil, run.counts.stop == nil { try checkCorpusUnchanged(since: run) }
    return .alreadyFinished(run: name, faulted: run.rows(.faulted))
  }

  private func checkCorpusUnchanged(since run: RunSummary) throws {
    // The size and beginning of divided files were compared before.
    guard !corpus.hasStandardInput, corpus.options.portion == nil else { return }
    var reader = try corpus.open()
    guard reader.totalBytes != nil else { return }
    var records: [ByteText: Int] = [:]
    while let row = try reader.next() {
      if Interrupt.isRequested { throw ScoringError.interrupted }
      records[row.position.file] = row.position.record
    }
    for name in corpus.names.map({ ByteText($0) }) {
      let read = run.counts.files.first { $0.name == name }?.read ?? 0
      let more = records[name, default: 0] - read
      if more != 0 { throw ScoringError.finishedCorpusChanged(file: name.text, run: run.name.text, more: more) }
    }
  }
}
