import Bytes
package import Corpus
import Inputs
package import Models
package import Preparation
package import Store

/// The flow of a run on one page: rows are read in order, divided into chunks, filled by workers, and committed in
/// order, one transaction per batch. The store always contains a beginning of the corpus with complete rows, and the
/// same command continues from there.
package struct Scorer {
  /// Returns which posts need no inference, among those whose picture turned out to be missing.
  package typealias Known = @Sendable ([PostIdentity]) throws -> [Bool]
  /// The work of a worker's thread: it processes its queue until the queue ends.
  package typealias WorkerBody = @Sendable (BoundedQueue<MicroBatch>, @escaping Known) throws -> Void

  /// The seconds that threads have to finish after a request to stop: what remains of the promised five seconds after
  /// noticing the signal, the last commit and closing the store, on a busy machine.
  private static let patience = 3.0
  private let work: WorkerBody
  private let clock: StageClock
  private let cache: EncoderCache?
  private let labelNames: [String]
  private let folders: PictureFolders
  private let features: FeatureFiles?
  private let store: StoreWriter
  private let options: ScoringOptions

  /// Creates a scorer from a model, the reader of its inputs, and the store for its predictions.
  package init(
    classifier: PostClassifier, labelNames: [String], reader: InputReader, folders: PictureFolders,
    features: FeatureFiles? = nil, store: StoreWriter, options: ScoringOptions
  ) {
    var options = options
    // Very large posts are batched in small numbers, because their pixels are in memory together.
    options.microBatchRows = min(options.microBatchRows, classifier.configuration.postsTogether)
    let clock = StageClock(),
      cache = options.encoderCacheBytes > 0 ? EncoderCache(bytes: options.encoderCacheBytes) : nil
    let worker = Worker(
      reader: reader, classifier: classifier, labelNames: labelNames, spaces: options.spaces,
      missingPicture: options.missingPicture, thumbnailSide: options.thumbnailSide, cache: cache, clock: clock)
    self.init(
      work: worker.run(_:known:), clock: clock, cache: cache, labelNames: labelNames, folders: folders,
      features: features, store: store, options: options)
  }

  /// The same with other work for the threads, for tests.
  package init(
    work: @escaping WorkerBody, clock: StageClock = StageClock(), cache: EncoderCache? = nil, labelNames: [String],
    folders: PictureFolders, features: FeatureFiles? = nil, store: StoreWriter, options: ScoringOptions
  ) {
    (self.work, self.clock, self.cache) = (work, clock, cache)
    self.labelNames = labelNames
    (self.folders, self.features) = (folders, features)
    self.store = store
    self.options = options
  }

  /// Scores the posts that have no prediction yet, from the run's current position.
  ///
  /// - Parameters:
  ///   - corpus: the rows, from the beginning; those that the run already has are skipped.
  ///   - run: the run to continue.
  ///   - observe: called with each event, on the calling thread.
  /// - Returns: how the command ended, what it did, and what the run now contains.
  /// - Throws: errors of the corpus, a worker or the store; the run then contains its last commit and is marked
  ///   `failed`.
  package func score(
    _ corpus: consuming CorpusReader, into run: OpenRun, observe: (ScoringEvent) -> Void
  ) throws -> ScoringOutcome {
    observe(.started)
    let known = { @Sendable [store, options] (identities: [PostIdentity]) in
      try options.known(identities, in: store, scorer: run.scorerID)
    }
    let pipeline = Pipeline(workers: options.threads)
    var counts = run.counts
    do {
      var account = RunProgressTracker(
        run: run, totals: run.isContinued ? try store.totals(of: run) : RunTotals(), labelNames: labelNames,
        options: options)
      let rows = try ChunkReader(
        corpus: consume corpus, folders: folders, features: features, labels: LabelCheck(names: labelNames),
        store: store, run: run, options: options)
      try pipeline.start(reader: rows, microBatchRows: options.microBatchRows, workers: options.threads, clock: clock) {
        [work] queue in
        try work(queue, known)
      }
      let end = try commitAll(from: pipeline, into: run, &account, &counts, observe)
      let commonest = end == .tooManyFaults ? try Array(store.faults(of: run).prefix(3)) : []
      try store.finishRun(
        run, state: end.state, counts: account.counts(endingWith: end),
        finishedAt: end == .finished ? Timestamp.now : nil)
      if let notice = account.finalNotice { observe(.notice(notice)) }
      let turn = account.tick()
      pipeline.abandon()
      pipeline.join(within: end == .finished ? .infinity : Self.patience)
      return ScoringOutcome(
        end: end, turn: turn, totals: account.totals, pictures: account.pictures, commonestFaults: commonest,
        stages: clock.times, reused: cache?.tally ?? EncoderCache.Tally())
    } catch {
      pipeline.abandon()
      pipeline.join(within: Self.patience)
      // The run is marked as failed if the store is still writable; the error gives the reason.
      try? store.finishRun(run, state: .failed, counts: counts, finishedAt: nil)
      throw error
    }
  }

  /// Commits chunk after chunk until the end of the corpus or a request to stop.
  private func commitAll(
    from pipeline: Pipeline, into run: OpenRun, _ account: inout RunProgressTracker, _ counts: inout RunCounts,
    _ observe: (ScoringEvent) -> Void
  ) throws -> ScoringEnd {
    while true {
      if let end = account.earlyEnd { return end }
      switch pipeline.chunks.next(within: 0.25) {
      case .nothingYet: observe(.progress(account.tick()))
      case .ended:
        if let failure = pipeline.threadFailure { throw failure }
        return account.earlyEnd ?? .finished
      case .element(let chunk):
        var rows = chunk.rows(within: 0.25)
        while rows == nil {
          if let failure = pipeline.threadFailure { throw failure }
          if let end = account.earlyEnd { return end }
          observe(.progress(account.tick()))
          rows = chunk.rows(within: 0.25)
        }
        let committed = rows ?? []
        let summary = try clock.time(.storing) {
          try store.commit(
            committed, run: run, counts: chunk.mark.counts, notedAt: Timestamp.now, rescore: options.rescores)
        }
        counts = chunk.mark.counts
        for notice in account.add(committed, summary, chunk.mark) { observe(.notice(notice)) }
        for case .fault(let fault) in committed.map(\.outcome) { observe(.fault(fault)) }
        observe(.progress(account.tick()))
      }
    }
  }
}
