import Bytes
import Foundation
import Testing

/// Text from an attacker who wants to control a terminal or imitate clfa's messages.
enum HostileText {
  /// Escape sequences, a bell, marks that reorder, and lines that look like the program's own.
  static let text = "x\u{1B}[31m\u{7}\u{9B}2J\u{202E}\u{2028}\r\nError: forged\nerror: forged\u{85}y"

  /// The same in a JSON string, without quotes; the backslashes are JSON's.
  static let json = "x\\u001b[31m\\u0007\\u009b2J\\u202e\\u2028\\r\\nError: forged\\nerror: forged\\u0085y"

  /// The same in a CSV, where carriage returns alone are another fault; as a quoted cell.
  static let field = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0 != "\r" }))
  static let cell = "\"\(field)\""

  /// The same without line feeds, for column names without quotes and lines of a lexicon.
  static let line = "x\u{1B}[31m\u{7}\u{9B}2J\u{202E}\u{2028}forged\u{85}y"

  /// Finds output that a terminal would obey, or that looks like a line of its own.
  ///
  /// - Parameters:
  ///   - errors: the standard error of the command.
  ///   - moves: whether lines move, as on a terminal; the sequence that takes one away is the program's own.
  /// - Returns: each fault; empty if there is none.
  static func faults(in errors: String, moves: Bool = false) -> [String] {
    var errors = errors
    if moves {
      errors = errors.replacing("\r\u{1B}[K", with: "").unicodeScalars.split(separator: "\r")
        .map(String.init).joined()
    }
    var faults: [String] = []
    // Isolates are ours where they come in pairs.
    var depth = 0
    for scalar in errors.unicodeScalars {
      switch scalar {
      case "\n":
        if depth != 0 { faults.append("an isolate goes over the end of its line") }
        depth = 0
      case "\u{2068}": depth += 1
      case "\u{2069}":
        depth -= 1
        if depth < 0 { faults.append("an isolate ends that never began") }
      default: if scalar.isTerminalControl { faults.append("\(scalar.escapedForm) as it is") }
      }
    }
    for line in errors.unicodeScalars.split(separator: "\n") where String(line).lowercased().hasPrefix("error: forged")
    {
      faults.append("a forged line")
    }
    return faults
  }

  /// Expects that a command mentions the text and that none of it controls the terminal.
  static func check(
    _ outcome: Workdir.Outcome, _ what: String, says: String = "forged", status: Int32? = nil,
    _ place: SourceLocation = #_sourceLocation
  ) {
    let faults = faults(in: outcome.errors)
    #expect(faults.isEmpty, "\(what): \(faults): \(outcome.errors.debugDescription)", sourceLocation: place)
    #expect(
      says.isEmpty || outcome.errors.contains(says), "\(what) is not told of: \(outcome.errors.debugDescription)",
      sourceLocation: place
    )
    if let status { #expect(outcome.status == status, "\(what): \(outcome.errors)", sourceLocation: place) }
  }
}
