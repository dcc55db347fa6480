import Synchronization
import Glibc

/// The process-wide request to stop, set by a signal or by a time limit and checked between micro-batches.
package enum Interrupt {
  /// The signal that requested the stop; 0 before any.
  private static let signal = Atomic<Int32>(0)

  /// Whether a thread has read `isRequested` since it became true, and so is about to stop.
  private static let isAcknowledged = Atomic<Bool>(false)

  /// Whether a stop was requested.
  package static var isRequested: Bool {
    guard signal.load(ordering: .relaxed) != 0 else { return false }
    isAcknowledged.store(true, ordering: .relaxed)
    return true
  }

  /// Requests a stop as a signal would, for a reason that the process has found itself.
  package static func request() { _ = signal.compareExchange(expected: 0, desired: SIGTERM, ordering: .relaxed) }

  /// Checks the request without acknowledging it.
  ///
  /// - Parameter patience: how long the request has been pending.
  /// - Returns: Whether the process should have ended by now.
  package static func isOverdue(_ patience: inout InterruptGracePeriod) -> Bool {
    signal.load(ordering: .relaxed) != 0 && patience.isOver(isAcknowledged: isAcknowledged.load(ordering: .relaxed))
  }

  /// Makes SIGINT, SIGTERM and SIGHUP request a stop. A second one ends the process at once: the store's last
  /// transaction is complete either way.
  package static func install() {
    _ = isRequested  // The handler must find the flag made.
    // A file that may not grow must give an error message, not end the process.
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

/// How long work may continue after a request to stop, counted in checks a tenth of a second apart.
package struct InterruptGracePeriod: Sendable {
  private var looks = 0
  private static let unacknowledgedLimit = 8
  private static let acknowledgedLimit = 9

  /// Creates a grace period that has not begun.
  package init() {}

  /// Counts one more check.
  ///
  /// - Parameter isAcknowledged: whether any thread acknowledged the request: one thread may do so while another stays
  ///   busy with SQL.
  /// - Returns: Whether the grace period is over.
  package mutating func isOver(isAcknowledged: Bool) -> Bool {
    looks += 1
    return looks >= (isAcknowledged ? Self.acknowledgedLimit : Self.unacknowledgedLimit)
  }
}
