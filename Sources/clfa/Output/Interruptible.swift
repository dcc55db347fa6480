import ArgumentParser
import Files
import Foundation
import Scoring
import Synchronization

/// A command that a signal ends early and in peace: what it was about to change stays as it was.
enum Interruptible {
  /// Does some work that asks the closure it is given from time to time; once that says yes, the work throws.
  ///
  /// - Parameters:
  ///   - isReading: whether the work changes nothing but files in the making, so that it may be cut off wherever it is.
  ///   - body: the work.
  /// - Throws: what the work throws, or 130 where a signal was the cause.
  static func run(isReading: Bool = false, _ body: (_ shouldStop: @escaping @Sendable () -> Bool) throws -> Void) throws
  {
    Interrupt.install()
    if isReading { watch() }
    do {
      try body { Interrupt.isRequested }
    } catch let code as ExitCode {
      throw code
    } catch  where Interrupt.isRequested {
      Console.line("interrupted; nothing was changed, so give the command again at any time")
      throw ExitStatus.interrupted
    }
  }

  /// How much of the work that is going on may be cut off wherever it is.
  private static let watched = Atomic<Int>(0)
  /// Says that the process ends where it is cut off.
  static let ending = Mutex<@Sendable () -> Void>({
    Console.line("interrupted; nothing was changed, so give the command again at any time")
  })
  /// Whether the thread that cuts off is there.
  private static let isWatching = Atomic<Bool>(false)

  /// Does a part of a command that may be cut off wherever it is, as reading a model or posts; the rest of the command
  /// hears a signal itself.
  static func watching<Value>(_ work: () throws -> Value) rethrows -> Value {
    watch()
    defer { watched.subtract(1, ordering: .relaxed) }
    return try work()
  }

  /// Ends the process where a signal is not noticed within a second, as inside a function of SQLite's that somebody's SQL
  /// keeps busy, and within two where only a part of the work has noticed it. For commands that only read: nothing is left
  /// half done.
  static func watch() {
    watched.add(1, ordering: .relaxed)
    guard !isWatching.exchange(true, ordering: .relaxed) else { return }
    Thread.detachNewThread {
      var patience = InterruptPatience()
      while true {
        Thread.sleep(forTimeInterval: 0.1)
        guard watched.load(ordering: .relaxed) > 0 else {
          patience = InterruptPatience()
          continue
        }
        guard Interrupt.isOverdue(&patience) else { continue }
        InTheMaking.removeAll()
        ending.withLock { $0 }()
        _exit(130)
      }
    }
  }
}
