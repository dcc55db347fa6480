/// How often a run's state goes to disk.
public struct CheckpointPace: Sendable {
  /// Seconds between two states.
  public var seconds: Double
  /// Steps between two states, too; nil for time alone.
  public var steps: Int?

  /// A pace.
  public init(seconds: Double, steps: Int? = nil) { (self.seconds, self.steps) = (seconds, steps) }
}

/// The seconds of a run over all its turns, and when its state is due on disk.
struct RunClock {
  private let before: Double
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now

  /// `spent`: the seconds of the turns before this one.
  init(spent: Double) { before = spent }

  /// Seconds in all.
  var spent: Double { before + (ContinuousClock.now - start).seconds }

  /// Whether so many seconds have passed since this was last true.
  mutating func isDue(every seconds: Double) -> Bool {
    guard (ContinuousClock.now - last).seconds >= seconds else { return false }
    last = .now
    return true
  }
}

extension Duration {
  fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
