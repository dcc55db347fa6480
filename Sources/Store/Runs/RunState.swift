/// Where a run stands; the raw value is what people's SQL sees.
///
/// The same command goes on with every run but a finished one.
public enum RunState: String, Sendable, CaseIterable {
  /// Being filled now.
  case running
  /// Cut short by a signal or a kill.
  case interrupted
  /// Ended by its own limit of time, or merged while shards are missing.
  case stopped
  /// Ended by an error, or by more faults than its limit allows.
  case failed
  /// Every row of the corpus, or of the part that was asked for, has its entry.
  case finished
}
