package import Queries

/// CSV that Excel opens correctly with a double click: UTF-8 with a byte-order mark, lines that end in CR LF, and no
/// id or text that is read as another number or a formula.
///
/// - A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe before it, so that it is
///   shown and never evaluated.
/// - A text of only digits that Excel would round (over 15 digits) or strip (a leading zero), or with an e between digits
///   (`12e5`, an id of Reddit's), becomes `="…"`, a formula whose value is that text.
///
/// Numbers stay numbers.
package struct ExcelFormat: RowFormat {
  /// Creates a writer.
  package init() {}

  /// Writes the mark and the header.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    output += [0xEF, 0xBB, 0xBF]
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a record.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    var line: [UInt8] = []
    var format = CSVFormat()
    format.row(values.map(Self.protected), into: &line)
    line.removeLast()
    output += line
    output += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  /// Writes nothing: the last record has ended its line.
  package mutating func end(into output: inout [UInt8]) {}

  private static func protected(_ value: QueryValue) -> QueryValue {
    guard case .text(let text) = value, let first = text.unicodeScalars.first else { return value }
    if isLongNumber(text) { return .text("=\"\(text)\"") }
    switch first {
    case "=", "+", "-", "@", "\t", "\r": return .text("'" + text)
    // Excel treats the wide forms of East Asian keyboards in the same way.
    case "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return .text("'" + text)
    default: return value
    }
  }

  /// Whether a text consists of more digits than a number keeps, or is a number by its e. A formula can contain at most 255.
  private static func isLongNumber(_ text: String) -> Bool {
    let digits = text.utf8
    guard digits.count <= 255, let first = digits.first, (0x30...0x39).contains(first) else { return false }
    let parts = digits.split(omittingEmptySubsequences: false) { $0 | 0x20 == UInt8(ascii: "e") }
    if parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } }) {
      return true
    }
    guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return false }
    return digits.count > 15 || (digits.count > 1 && first == UInt8(ascii: "0"))
  }
}
