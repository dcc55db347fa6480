import Synchronization

/// A part of a run's work.
public enum ScoringStage: String, Sendable, CaseIterable {
  /// Rows are parsed, picture files read and hashed, the store asked what is known.
  case reading
  /// Texts become word pieces.
  case text
  /// Pictures are decoded and resized.
  case pictures
  /// The model computes.
  case model
  /// Rows and predictions are committed.
  case storing
  /// Workers have nothing to do: something before or behind them is too slow.
  case waiting
}

/// The seconds that each stage took, of all threads together.
public final class StageClock: Sendable {
  private let seconds = Mutex<[ScoringStage: Double]>([:])

  /// A clock that has seen nothing.
  public init() {}

  /// What each stage took so far.
  public var times: [ScoringStage: Double] { seconds.withLock(\.self) }

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
