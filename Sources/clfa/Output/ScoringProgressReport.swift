import CorpusCheck
import Bytes
import Corpus
import Foundation
import Queries
import Scoring
import Synchronization

/// Shows a run's progress on standard error, in the style given by `--progress`.
enum ProgressStyle: String, CaseIterable {
  /// A moving line on a terminal, a line every half minute elsewhere.
  case auto
  /// One JSON object per line.
  case json
  /// Only faults and the end.
  case none
}

/// Renders events; a value of the calling thread.
struct ScoringProgressReport {
  private let style: ProgressStyle
  private var faults = FaultMessages()
  private var lastShown = ContinuousClock.now
  private var lineIsOpen = false

  init(style: ProgressStyle) {
    self.style = style
  }

  /// Shows one event.
  mutating func show(_ event: ScoringEvent) {
    if case .progress(let progress) = event { return show(progress) }
    if case .notClosed(let error) = event { return show(.notice(Advice.message(of: error))) }
    if case .started = event { lastShown = .now }
    if style == .json { return Self.json(event.json) }
    switch event {
    case .started, .notClosed, .progress: break
    case .named(let run): say("run name: \(run.printable)", json: .null)
    case .notice(let text): say("notice: \(text)", json: .null)
    case .fault(let fault): if let line = faults.line(fault) { say(line, json: .null) }
    }
  }

  /// The error that ends a run, as an object.
  static func error(_ text: String) {
    json(.members([("event", .string("error")), ("text", .string(text.withoutIsolates))]))
  }

  /// Ends the moving line and prints what was left out.
  mutating func finish(store: String, run: String) {
    closeLine()
    if style != .json { faults.rest(store: store, run: run).forEach(Console.line) }
  }

  /// Prints lines, or an object in JSON.
  mutating func say(_ lines: String..., json object: JSON) { say(lines, json: object) }

  /// Prints lines, or an object in JSON.
  mutating func say(_ lines: [String], json object: JSON) {
    if style == .json { return Self.json(object) }
    closeLine()
    lines.forEach(Console.line)
  }

  private mutating func show(_ progress: ScoringProgress) {
    let pause: Duration =
      style == .auto && !Console.isTerminal ? .seconds(30) : .milliseconds(style == .json ? 1000 : 200)
    guard style != .none, ContinuousClock.now - lastShown > pause else { return }
    lastShown = .now
    if style == .json {
      Self.json(progress.json)
    } else if Console.isTerminal {
      Console.move(to: Self.line(progress))
      lineIsOpen = true
    } else {
      Console.line(Self.line(progress))
    }
  }

  private mutating func closeLine() {
    if lineIsOpen { Console.clearLine() }
    lineIsOpen = false
  }

  /// `1,200 rows · 310 rows/s · 42 % · 3 min left · 2 faults · 100 known`
  static func line(_ progress: ScoringProgress) -> String {
    var parts = [progress.rows.counted("row", "rows"), String(format: "%.1f rows/s", progress.rate)]
    // The work is done only when the store is closed, and by then the line has ended.
    if let share = progress.share { parts.append("\(min(99, Int(share * 100))) %") }
    if let left = progress.timeLeft { parts.append("\(duration(left)) left") }
    parts.append(progress.faulted.counted("fault", "faults"))
    if progress.known > 0 { parts.append("\(progress.known) known") }
    return parts.joined(separator: " · ")
  }

  /// Seconds in a readable unit.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: String(format: "%.0f s", seconds)
    case ..<5400: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }

  /// An object as a line, with sorted keys.
  static func json(_ object: JSON) { Console.object(object.text(.canonical)) }
}

/// The progress of a command: a moving line on a terminal, a line every half minute elsewhere.
final class ProgressLine: Sendable {
  private let last = Mutex(ContinuousClock.now)

  /// Shows the text of `words`, unless the last one was too recent.
  func show(_ words: () -> String) {
    last.withLock { last in
      let now = ContinuousClock.now
      guard now - last > (Console.isTerminal ? .milliseconds(200) : .seconds(30)) else { return }
      last = now
      if Console.isTerminal { Console.move(to: words()) } else { Console.line(words()) }
    }
  }

  /// Removes the moving line.
  func close() { if Console.isTerminal { Console.clearLine() } }

  /// A share in words, to be appended; empty if it is unknown, and never 100 % before the end.
  static func percent(_ share: Double?) -> String { share.map { " · \(min(99, Int($0 * 100))) %" } ?? "" }
}

/// Prints each fault once, until its kind becomes frequent: then only the number and where to find them.
struct FaultMessages {
  private static let shown = 5
  private var counts: [FaultCode: Int] = [:]

  /// The line for a fault; `nil` after five of its kind.
  mutating func line(_ fault: RowFault) -> String? {
    counts[fault.code, default: 0] += 1
    guard let count = counts[fault.code], count <= Self.shown else { return nil }
    let key = fault.key.map { " (key \(shortened($0.text)))" } ?? ""
    let place = "\(fault.position.file.text.printable):\(fault.position.line)\(key)"
    let path = fault.path.map { ": \($0.spelledName.printable(upTo: 200))" } ?? ""
    let detail = fault.detail.isEmpty ? "" : " — \(fault.detail.printable(upTo: 600))"
    return "\(place) \(fault.stage.rawValue): \(fault.code.rawValue)\(path)\(detail)"
  }

  /// A line for each kind that was not printed in full.
  func rest(store: String, run: String) -> [String] {
    counts.filter { $0.value > Self.shown }.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
      let query = Shell.line(["clfa", "query", store, "faults", "run=\(run)", "code=\(code.rawValue)"])
      return "\(count) × \(code.rawValue), the first \(Self.shown) are above; all of them: \(query)"
    }
  }

  /// A line for each kind that was not printed in full, if the faults are not stored.
  var rest: [String] {
    counts.filter { $0.value > Self.shown }.sorted { $0.key.rawValue < $1.key.rawValue }.map { code, count in
      "\(count) × \(code.rawValue), the first \(Self.shown) are above"
    }
  }

  private func shortened(_ key: String) -> String {
    key.spelledName.printable(upTo: 24)
  }
}
