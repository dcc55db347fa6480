package import Corpus
package import Models
package import Store
import Synchronization

/// The events of a run, for displays and logs.
package enum ScoringEvent: Sendable {
  /// The first row is about to be read.
  case started
  /// The run got a default name with a number, because the corpus' name was taken.
  case named(String)
  /// The store could not be closed after an error.
  case notClosed(any Error)
  /// A row was faulted.
  case fault(RowFault)
  /// Something looks wrong with the corpus; each notice comes once.
  case notice(String)
  /// Rows were committed, or a moment passed.
  case progress(ScoringProgress)
}

/// The progress of a command: what this process did, not what the run already contained.
package struct ScoringProgress: Sendable, Equatable {
  /// Rows that this command entered as scored.
  package var scored = 0
  /// Rows that this command entered as scored without a picture.
  package var withoutPicture = 0
  /// Rows that this command entered as duplicates.
  package var duplicates = 0
  /// Rows that this command entered as faulted.
  package var faulted = 0
  /// Posts among them that already had a prediction.
  package var known = 0
  /// Posts among them whose key had other content before.
  package var newVersions = 0
  /// Known posts whose other columns or date were added to or changed.
  package var updated = 0
  /// The columns of those.
  package var updatedColumns = ColumnNames()
  /// Duplicates that differ from the first row of their post in other columns or the date.
  package var differing = 0
  /// The columns of those.
  package var differingColumns = ColumnNames()
  /// Rows read, including those of other shards or outside the sample.
  package var read = 0
  /// Faulted rows of earlier commands among them that were retried.
  package var retried = 0
  /// Rows among those that are no longer faulted.
  package var recovered = 0
  /// Seconds since the first row was read.
  package var seconds = 0.0
  /// The share of the corpus' bytes whose rows are committed, or of the row limit if that ends the run earlier; `nil`
  /// if neither is known.
  package var share: Double?
  /// The share before this command's first rows; rows of earlier commands took it no time.
  package var startShare = 0.0
  /// The share when its first rows were committed.
  package var firstShare = 0.0
  /// The seconds until then.
  package var firstSeconds = 0.0

  /// Creates the progress of a command that has done nothing.
  package init() {}

  /// Rows that this command entered, including retried ones.
  package var rows: Int { scored + withoutPicture + duplicates + faulted }
  /// Rows a second.
  package var rate: Double { seconds > 0 ? Double(rows) / seconds : 0 }
  /// Seconds to the end at the rate so far; `nil` before rows are committed, and if the size of the corpus is not known.
  ///
  /// The first rows are the slowest, since the model's weights are read then, so they count only until there are others.
  package var remaining: Double? {
    guard let share, rows > 0 else { return nil }
    let (gain, time) = (share - firstShare, seconds - firstSeconds)
    if gain > 0.001, time > 1 { return time * (1 - share) / gain }
    guard share > startShare else { return nil }
    return seconds * (1 - share) / (share - startShare)
  }

  /// The same for a command that still runs: at least a second, because the work is done only when the store is closed.
  package var timeLeft: Double? { remaining.map { max(1, $0) } }
}

/// How a run ended.
package enum ScoringEnd: Sendable, Equatable {
  /// Every row has an entry.
  case finished
  /// A signal ended it; the same command continues.
  case interrupted
  /// `--stop-after` ended it; the same command continues.
  case stopped
  /// The run has more faults than `--max-faults` allows.
  case tooManyFaults

  /// The state in which it leaves the run.
  package var state: RunState {
    switch self {
    case .finished: .finished
    case .interrupted: .interrupted
    case .stopped: .stopped
    case .tooManyFaults: .failed
    }
  }
}

/// The result of a command that scored a run.
package struct ScoringOutcome: Sendable, Equatable {
  /// How the command ended.
  package var end: ScoringEnd
  /// The progress of this command.
  package var turn: ScoringProgress
  /// The totals of the run, including earlier commands.
  package var totals: RunTotals
  /// How the pictures of the run were found.
  package var pictures: PictureCounts
  /// The three most common kinds of faults if there were too many.
  package var commonestFaults: [FaultCount]
  /// The seconds that each stage took in this command, summed over all threads.
  package var stages: [ScoringStage: Double]
  /// The encoder results that were reused in this command.
  package var reused: EncoderCache.Tally
  /// The run's posts whose picture file ended early and was accepted.
  package var cutPictures: Int

  package init(
    end: ScoringEnd, turn: ScoringProgress, totals: RunTotals, pictures: PictureCounts = PictureCounts(),
    commonestFaults: [FaultCount],
    stages: [ScoringStage: Double], reused: EncoderCache.Tally, cutPictures: Int = 0
  ) {
    (self.end, self.turn, self.totals, self.commonestFaults) = (end, turn, totals, commonestFaults)
    (self.pictures, self.stages, self.reused, self.cutPictures) = (pictures, stages, reused, cutPictures)
  }
}

/// A part of a run's work.
package enum ScoringStage: String, Sendable, CaseIterable {
  /// Rows are parsed, picture files read and hashed, and the store is asked for existing predictions.
  case reading
  /// Texts are tokenized.
  case text
  /// Pictures are decoded and resized.
  case pictures
  /// The model computes.
  case model
  /// Rows and predictions are committed.
  case storing
  /// Workers have nothing to do: a stage before or after them is too slow.
  case waiting
}

/// The seconds that each stage took, summed over all threads.
package final class StageClock: Sendable {
  private let seconds = Mutex<[ScoringStage: Double]>([:])

  /// Creates a clock at zero.
  package init() {}

  /// The seconds spent in each stage so far.
  package var times: [ScoringStage: Double] { seconds.withLock(\.self) }

  /// Runs `work` and adds its time to a stage.
  func time<Result, Failure: Error>(
    _ stage: ScoringStage, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let start = ContinuousClock.now
    defer {
      let passed = (ContinuousClock.now - start) / .seconds(1)
      seconds.withLock { $0[stage, default: 0] += passed }
    }
    return try work()
  }
}
