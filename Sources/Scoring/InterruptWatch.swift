import Files
import Foundation
package import Synchronization

// For work that does not check for interrupts itself, such as loading a model, and may be aborted at any point.

extension Interrupt {
  /// The number of running tasks that may be aborted at any point.
  private static let watched = Atomic<Int>(0)
  /// Called before an aborted process ends, to print the reason.
  package static let ending = Mutex<@Sendable () -> Void>({})
  /// Whether the watching thread has been started.
  private static let isWatching = Atomic<Bool>(false)

  /// Runs a part of a command that may be aborted at any point, such as reading a model or posts; the rest of the
  /// command checks for signals itself.
  package static func watching<Value>(_ work: () throws -> Value) rethrows -> Value {
    watch()
    defer { watched.subtract(1, ordering: .relaxed) }
    return try work()
  }

  /// Loads what a command needs before it changes anything; a signal in the meantime ends the command with a message.
  ///
  /// - Throws: errors of the work; `ScoringError.interrupted` after a signal.
  package static func loading<Value>(_ work: () throws -> Value) throws -> Value {
    let value = try watching(work)
    guard isRequested else { return value }
    ending.withLock { $0() }
    throw ScoringError.interrupted
  }

  /// Ends the process within a second of a signal if the work has not stopped by then, for example inside an SQLite
  /// function that a user's SQL keeps busy. Only for commands that read, which leave nothing half done.
  package static func watch() {
    watched.add(1, ordering: .relaxed)
    guard !isWatching.exchange(true, ordering: .relaxed) else { return }
    Thread.detachNewThread {
      var patience = InterruptGracePeriod()
      while true {
        Thread.sleep(forTimeInterval: 0.1)
        guard watched.load(ordering: .relaxed) > 0 else {
          patience = InterruptGracePeriod()
          continue
        }
        guard isOverdue(&patience) else { continue }
        UnfinishedFiles.removeAll()
        ending.withLock { $0() }
        _exit(130)
      }
    }
  }
}
