import Files
import Foundation
package import Synchronization

// Work that does not check for interrupts itself, such as loading a model: it may be cut off at any point.

extension Interrupt {
  /// The number of running tasks that may be cut off at any point.
  private static let watched = Atomic<Int>(0)
  /// Reports that the process ends, when it is cut off.
  package static let ending = Mutex<@Sendable () -> Void>({})
  /// Whether the watching thread has been started.
  private static let isWatching = Atomic<Bool>(false)

  /// Does a part of a command that may be cut off wherever it is, as reading a model or posts; the rest of the command
  /// hears a signal itself.
  package static func watching<Value>(_ work: () throws -> Value) rethrows -> Value {
    watch()
    defer { watched.subtract(1, ordering: .relaxed) }
    return try work()
  }

  /// Loads what a command begins with, before it changes anything: a signal meanwhile is said, and ends the command.
  ///
  /// - Throws: what the work throws; `ScoringError.interrupted` after a signal.
  package static func loading<Value>(_ work: () throws -> Value) throws -> Value {
    let value = try watching(work)
    guard isRequested else { return value }
    ending.withLock { $0() }
    throw ScoringError.interrupted
  }

  /// Ends the process within a second of a signal where the work has not ended by then, as inside a function of SQLite's
  /// that a user's SQL keeps busy. For commands that only read: nothing is left half done.
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
