import Synchronization

/// How far a command has come: a moving line on a terminal, a line every half minute elsewhere.
final class ProgressLine: Sendable {
  private let last = Mutex(ContinuousClock.now)

  /// Shows what `words` say, unless it is too early for that.
  func show(_ words: () -> String) {
    last.withLock { last in
      let now = ContinuousClock.now
      guard now - last > (Console.isTerminal ? .milliseconds(200) : .seconds(30)) else { return }
      last = now
      if Console.isTerminal { Console.move(to: words()) } else { Console.line(words()) }
    }
  }

  /// Takes the moving line away.
  func close() { if Console.isTerminal { Console.clearLine() } }

  /// A share in words, to stand behind others; nothing where it is not known, and never all while the line moves.
  static func percent(_ share: Double?) -> String { share.map { " · \(min(99, Int($0 * 100))) %" } ?? "" }
}
