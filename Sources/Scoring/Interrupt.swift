import Synchronization
import Glibc

/// The process-wide wish to end early: set by a signal or by a time limit, polled between micro-batches.
package enum Interrupt {
  /// The signal that asked for the end; 0 while none did.
  private static let signal = Atomic<Int32>(0)

  /// Whether somebody has asked `isRequested` since it is true, and so is about to end.
  private static let isAcknowledged = Atomic<Bool>(false)

  /// Whether a stop was requested.
  package static var isRequested: Bool {
    guard signal.load(ordering: .relaxed) != 0 else { return false }
    isAcknowledged.store(true, ordering: .relaxed)
    return true
  }

  /// Looks at the wish without hearing it.
  ///
  /// - Parameter patience: how long the wish has been there.
  /// - Returns: Whether the process should have ended by now.
  package static func isOverdue(_ patience: inout InterruptGracePeriod) -> Bool {
    signal.load(ordering: .relaxed) != 0 && patience.isOver(isAcknowledged: isAcknowledged.load(ordering: .relaxed))
  }

  /// Makes SIGINT, SIGTERM and SIGHUP ask for the end. A second one ends the process at once: the store's last
  /// transaction is whole either way.
  package static func install() {
    _ = isRequested  // The handler must find the flag made.
    // A file that may not grow is an error to be told, not the end.
    Glibc.signal(SIGXFSZ, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if Interrupt.signal.exchange(number, ordering: .relaxed) != 0 { _exit(130) }
      }
      sigaction(number, &action, nil)
    }
  }
}

/// How long work may continue after a request to stop, in checks a tenth of a second apart.
package struct InterruptGracePeriod: Sendable {
  private var looks = 0
  private static let unacknowledgedLimit = 8
  private static let acknowledgedLimit = 9

  /// Creates a patience that has not begun.
  package init() {}

  /// Looks once more.
  ///
  /// - Parameter isAcknowledged: whether anybody has asked: one thread may, while another is kept busy by SQL for ever.
  /// - Returns: Whether it is over.
  package mutating func isOver(isAcknowledged: Bool) -> Bool {
    looks += 1
    return looks >= (isAcknowledged ? Self.acknowledgedLimit : Self.unacknowledgedLimit)
  }
}
