import ArgumentParser
import Scoring

/// A command that a signal ends early and in peace: what it was about to change stays as it was.
enum Interruptible {
  /// Does some work that asks the closure it is given from time to time; once that says yes, the work throws.
  ///
  /// - Throws: what the work throws, or 130 where a signal was the cause.
  static func run(_ body: (_ shouldStop: @escaping @Sendable () -> Bool) throws -> Void) throws {
    Interrupt.install()
    do {
      try body { Interrupt.isRequested }
    } catch let code as ExitCode {
      throw code
    } catch  where Interrupt.isRequested {
      Console.line("interrupted; nothing was changed, so give the command again at any time")
      throw ExitStatus.interrupted
    }
  }
}
