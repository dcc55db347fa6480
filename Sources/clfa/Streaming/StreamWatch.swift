import Foundation
import Glibc
import Scoring
import Synchronization

/// Notices while nothing is read or written that nobody waits for the answers any more, and asks to stop.
///
/// The parent's number is compared rather than a signal asked for (`PR_SET_PDEATHSIG`), which comes when the parent's
/// thread ends that started this process, even if the parent goes on.
enum StreamWatch {
  /// Why the process is to stop.
  enum Reason: Int {
    case signal
    case parentEnded
    case outputClosed
  }

  private static let reason = Atomic<Int>(Reason.signal.rawValue)

  /// Why the process is to stop, once it is.
  static var stop: Reason { Reason(rawValue: reason.load(ordering: .relaxed)) ?? .signal }

  /// Begins to look, ten times a second.
  static func begin() {
    let parent = getppid()
    Thread.detachNewThread {
      while !Interrupt.isRequested {
        if getppid() != parent { request(.parentEnded) }
        var state = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
        if poll(&state, 1, 0) > 0, state.revents & Int16(POLLERR) != 0 { request(.outputClosed) }
        Thread.sleep(forTimeInterval: 0.1)
      }
    }
  }

  private static func request(_ found: Reason) {
    reason.store(found.rawValue, ordering: .relaxed)
    Interrupt.request()
  }
}
