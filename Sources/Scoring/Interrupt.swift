import Synchronization
import Glibc

/// The process-wide wish to end early: set by a signal or by a time limit, polled between micro-batches.
public enum Interrupt {
  /// The signal that asked for the end; 0 while none did.
  private static let signal = Atomic<Int32>(0)

  /// Whether somebody asked for the end.
  public static var isRequested: Bool { signal.load(ordering: .relaxed) != 0 }

  /// Makes SIGINT, SIGTERM and SIGHUP ask for the end. A second one ends the process at once: the store's last
  /// transaction is whole either way.
  public static func install() {
    _ = isRequested  // The handler must find the flag made.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        if Interrupt.signal.exchange(number, ordering: .relaxed) != 0 { _exit(130) }
      }
      sigaction(number, &action, nil)
    }
  }
}
