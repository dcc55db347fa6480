package import Bytes
import Corpus
import Preparation
package import Store

/// Adds up what a command has done for a run, and tells when it should end early.
package struct RunProgressTracker {
  package private(set) var progress = ScoringProgress()
  private(set) var counts: RunCounts
  /// The run's entries by state, including those of earlier commands.
  private(set) var totals: RunTotals
  private let options: ScoringOptions
  private let now: () -> ContinuousClock.Instant
  private let start: ContinuousClock.Instant
  private let before: RunCounts
  private let readBefore: Int
  /// Faults of earlier commands that this one retries.
  private let toRetry: Int
  private var told: Set<ByteText> = []
  private var unknownLabels: UnknownLabels

  /// Starts the clock.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - totals: its entries so far.
  ///   - labelNames: the model's labels.
  ///   - options: which rows count.
  ///   - now: the clock.
  package init(
    run: OpenRun, totals: RunTotals, labelNames: [ByteText], options: ScoringOptions,
    now: @escaping () -> ContinuousClock.Instant = { .now }
  ) {
    self.now = now
    start = now()
    unknownLabels = UnknownLabels(model: labelNames)
    counts = run.counts
    before = run.counts
    readBefore = run.counts.files.reduce(0) { $0 + $1.read }
    toRetry = options.retriesFaults ? totals[.faulted] : 0
    self.totals = totals
    self.options = options
  }

  /// Adds a committed chunk; returns the notices that were not yet shown.
  package mutating func add(_ rows: [LedgerRow], _ summary: CommitSummary, _ mark: ReadProgress) -> [String] {
    if progress.rows == 0, !rows.isEmpty {
      progress.startShare = mark.start ?? 0
      progress.firstShare = mark.share ?? 0
      progress.firstSeconds = tick().seconds
    }
    counts = counts(of: rows, mark)
    totals += summary
    let retried = options.retriesFaults ? rows.filter(isRetried) : []
    let still = retried.count { if case .fault = $0.outcome { true } else { false } }
    progress.retried += retried.count
    progress.recovered += retried.count - still
    progress.scored += summary.scored
    progress.withoutPicture += summary.withoutPicture
    progress.duplicates += summary.duplicate
    // In the totals a retried row is one fault less, and perhaps one more; this command has entered it once.
    progress.faulted += summary.faulted + retried.count
    progress.newVersions += summary.newVersions
    progress.updated += summary.updated
    progress.updatedColumns.add(summary.updatedColumns.all)
    progress.differing += summary.differing
    progress.differingColumns.add(summary.differingColumns.all)
    progress.read = counts.files.reduce(0) { $0 + $1.read } - readBefore
    progress.share = mark.share
    progress.known += summary.known
    for case .post(let post, _) in rows.map(\.outcome) {
      if let label = post.label { unknownLabels.add(label) }
    }
    return mark.notices.filter { told.insert(ByteText($0)).inserted }
  }

  /// The run's counts after a chunk is committed: those of its reading, and the posts with a cut picture so far.
  func counts(of rows: [LedgerRow], _ mark: ReadProgress) -> RunCounts {
    var counts = mark.counts
    counts.cutPictures = self.counts.cutPictures
    for case .post(let post, _) in rows.map(\.outcome) where post.pictureIsCut { counts.cutPictures += 1 }
    return counts
  }

  /// The notice that is possible only after the last row.
  var finalNotice: String? { unknownLabels.total == options.reportedUnknownLabels ? nil : unknownLabels.notice }

  /// Whether an earlier command had read the row: then it was faulted, since otherwise it would not be read again.
  private func isRetried(_ row: LedgerRow) -> Bool {
    let file = before.files.first { $0.name == row.position.file }
    return row.position.record <= file?.read ?? 0
  }

  /// The run's counts, with the reason if it ended before the end of the corpus.
  func counts(endingWith end: ScoringEnd) -> RunCounts {
    var counts = counts
    counts.stop = end == .finished ? nil : end.state.rawValue
    return counts
  }

  /// How the run's pictures were found.
  var pictures: PictureCounts { counts.pictures }

  /// The progress as of now.
  package mutating func tick() -> ScoringProgress {
    let passed = now() - start
    progress.seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
    return progress
  }

  /// Why the run should end before the end of the corpus; `nil` if it should continue.
  var earlyEnd: ScoringEnd? {
    if Interrupt.isRequested { return .interrupted }
    if let limit = options.stopAfter, now() - start > .seconds(limit) { return .stopped }
    // A fault that waits for its retry does not count for this command yet.
    let waiting = toRetry - progress.retried
    if let limit = options.maxFaults,
      limit.isPassed(faults: totals[.faulted] - waiting, rows: totals.rows - waiting)
    {
      return .tooManyFaults
    }
    return nil
  }
}
