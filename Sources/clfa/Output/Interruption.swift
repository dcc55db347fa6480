import Glibc
import Synchronization

/// Whether SIGINT, SIGTERM or SIGHUP asked the program to stop.
///
/// The first signal is a request; a second of the same kind ends the program at once.
enum Interruption {
  private static let flag = Atomic<Bool>(false)

  /// The exit code of a program that was interrupted.
  static let exitCode: Int32 = 130

  /// Starts to listen.
  static func listen() {
    // A global is made on first use, which must not happen inside a signal handler.
    flag.store(false, ordering: .relaxed)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      // Without SA_RESTART, so that a blocked write returns and sees the request.
      action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
      action.__sigaction_handler.sa_handler = { _ in Interruption.flag.store(true, ordering: .relaxed) }
      sigaction(number, &action, nil)
    }
  }

  /// Whether a signal has come.
  static var isRequested: Bool { flag.load(ordering: .relaxed) }
}
