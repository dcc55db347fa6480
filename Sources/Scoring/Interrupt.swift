import Synchronization
import Glibc

/// The process-wide wish to end early: set by a signal or by a time limit, polled between micro-batches.
public enum Interrupt {
  /// The signal that asked for the end; 0 while none did.
  private static let signal = Atomic<Int32>(0)

  /// Whether there is nothing to bring to an end first.
  private static let endsAtOnce = Atomic<Bool>(false)

  /// Whether somebody has asked `isRequested` since it is true, and so is about to end.
  private static let isHeard = Atomic<Bool>(false)

  /// Whether somebody asked for the end.
  public static var isRequested: Bool {
    guard signal.load(ordering: .relaxed) != 0 else { return false }
    isHeard.store(true, ordering: .relaxed)
    return true
  }

  /// Looks at the wish without hearing it.
  ///
  /// - Parameter patience: how long the wish has been there.
  /// - Returns: Whether the process should have ended by now.
  public static func isOverdue(_ patience: inout InterruptPatience) -> Bool {
    signal.load(ordering: .relaxed) != 0 && patience.isOver(isHeard: isHeard.load(ordering: .relaxed))
  }

  /// Makes SIGINT, SIGTERM and SIGHUP ask for the end. A second one ends the process at once: the store's last
  /// transaction is whole either way.
  public static func install() {
    _ = isRequested  // The handler must find the flag made.
    // A file that may not grow is an error to be told, not the end.
    Glibc.signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let isSecond = Interrupt.signal.exchange(number, ordering: .relaxed) != 0
        if isSecond || Interrupt.endsAtOnce.load(ordering: .relaxed) { _exit(130) }
      }
      sigaction(number, &action, nil)
    }
  }

  /// Does long work that holds no store: the first signal ends the process, too.
  public static func endingAtOnce<T>(_ work: () throws -> T) rethrows -> T {
    endsAtOnce.store(true, ordering: .relaxed)
    defer { endsAtOnce.store(false, ordering: .relaxed) }
    if isRequested { _exit(130) }
    return try work()
  }
}

/// How long whatever works may go on once its end was asked for, in looks of a tenth of a second.
public struct InterruptPatience: Sendable {
  private var looks = 0
  private static let unheard = 8
  private static let heard = 20

  /// Creates a patience that has not begun.
  public init() {}

  /// Looks once more.
  ///
  /// - Parameter isHeard: whether anybody has asked: one thread may, while another is kept busy by SQL for ever.
  /// - Returns: Whether it is over.
  package mutating func isOver(isHeard: Bool) -> Bool {
    looks += 1
    return looks >= (isHeard ? Self.heard : Self.unheard)
  }
}
