import Bytes

/// A field a line under its name, a blank line between rows: for rows with more fields than a line has room for.
///
/// No value is cut. Line ends and whatever a terminal would obey are written out, so a field stays a line.
public struct LinesFormat: RowFormat {
  private var names: [String] = []
  private var isFirst = true

  /// Creates a writer.
  public init() {}

  /// Keeps the names, padded to one width.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    let shown = columns.map(\.printable)
    let width = shown.map(\.displayWidth).max() ?? 0
    names = shown.map { $0 + String(repeating: " ", count: width - $0.displayWidth) }
  }

  /// Writes a row's fields.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    if !isFirst { output.append(UInt8(ascii: "\n")) }
    isFirst = false
    for (name, value) in zip(names, values) {
      let start = output.count
      output.append("\(name)  \(value.shortText.printable)")
      while output.count > start, output.last == UInt8(ascii: " ") { output.removeLast() }
      output.append(UInt8(ascii: "\n"))
    }
  }

  /// Writes nothing: the last line has ended.
  public mutating func end(into output: inout [UInt8]) {}
}
