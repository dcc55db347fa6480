import Corpus
import Foundation
import Store

/// Adds up what a run's turn has done, and tells when it should end early.
struct RunAccount {
  private(set) var progress = ScoringProgress()
  private(set) var counts: RunCounts
  private let options: ScoringOptions
  private let start = ContinuousClock.now
  private let readBefore: Int
  private var faults: [FaultCode: Int] = [:]
  private var told: Set<String> = []

  init(run: OpenRun, options: ScoringOptions) {
    counts = run.counts
    readBefore = run.counts.files.reduce(0) { $0 + $1.read }
    self.options = options
  }

  /// Adds a committed chunk; returns the notices that nobody has been told of.
  mutating func add(_ rows: [LedgerRow], _ summary: CommitSummary, _ mark: ReadingMark) -> [String] {
    counts = mark.counts
    progress.scored += summary.scored
    progress.withoutPicture += summary.withoutPicture
    progress.duplicates += summary.duplicate
    progress.faulted += summary.faulted
    progress.newVersions += summary.newVersions
    progress.read = counts.files.reduce(0) { $0 + $1.read } - readBefore
    progress.share = mark.share
    progress.known += summary.known
    for case .fault(let fault) in rows.map(\.outcome) { faults[fault.code, default: 0] += 1 }
    return mark.notices.filter { told.insert($0).inserted }
  }

  /// The run's counts, with the reason why it ended before the corpus did.
  func counts(endingWith end: ScoringEnd) -> RunCounts {
    var counts = counts
    counts.stop = end == .finished ? nil : end.state
    return counts
  }

  /// The progress as of now.
  mutating func tick() -> ScoringProgress {
    let passed = ContinuousClock.now - start
    progress.seconds = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
    return progress
  }

  /// Why the run should end before the corpus does; `nil` while it should not.
  var earlyEnd: ScoringEnd? {
    if Interrupt.isRequested { return .interrupted }
    if let limit = options.stopAfter, ContinuousClock.now - start > .seconds(limit) { return .stopped }
    if let limit = options.maxFaults, limit.isPassed(faults: progress.faulted, rows: progress.rows) {
      let commonest = faults.sorted { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }.prefix(3)
      return .tooManyFaults(commonest.map { ($0.key, $0.value) })
    }
    return nil
  }
}
