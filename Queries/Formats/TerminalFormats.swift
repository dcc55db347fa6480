import Bytes

/// Aligned columns for people: numbers to the right, long cells cut, control characters escaped.
///
/// The first 200 rows determine the columns' widths; they are buffered until then, cut to what can be shown. Later rows
/// are written immediately, cut to the same widths.
package struct TableFormat: RowFormat {
  /// The rows that set the widths.
  private static let window = 200
  /// The longest cell without a terminal's limit, in columns.
  private static let longestCell = 100
  private static let gap = "  "

  private let width: Int?
  private var columns: [String] = []
  private var held: [[QueryValue]] = []
  private var layout: [Column]?

  private struct Column {
    var width: Int
    var isRight: Bool
  }

  /// Creates a writer.
  ///
  /// - Parameter width: The terminal's width in columns, which limits lines; `nil` without a terminal. With
  ///   more columns of data than fit at four letters each, lines are longer.
  package init(width: Int? = nil) {
    self.width = width
  }

  /// Keeps the names until the widths are known.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    self.columns = columns.map { Self.shown($0, limit) }
  }

  /// Buffers a row of the window, or writes it.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    let cells = columns.indices.map { index -> QueryValue in
      guard index < values.count else { return .null }
      let value = values[index]
      return switch value {
      case .null: .null
      case .integer, .real: value
      case .text, .blob: .text(Self.shown(value.shortText, limit))
      }
    }
    if let layout { return Self.line(cells, layout, into: &output) }
    held.append(cells)
    if held.count == Self.window { flush(into: &output) }
  }

  /// Writes the buffered rows.
  package mutating func end(into output: inout [UInt8]) {
    if layout == nil { flush(into: &output) }
  }

  private var limit: Int { Swift.max(width ?? Self.longestCell, 1) }

  private mutating func flush(into output: inout [UInt8]) {
    var layout = columns.enumerated().map { index, name in
      let cells = held.map { $0[index] }
      let numbers = cells.count { $0.isNumber }
      return Column(
        width: cells.reduce(name.displayWidth) { Swift.max($0, $1.shortText.displayWidth) },
        isRight: numbers > 0 && cells.allSatisfy { $0.isNumber || $0 == .null })
    }
    Self.fit(&layout, into: width)
    self.layout = layout
    Self.line(columns.map { .text($0) }, layout, into: &output)
    let rule = layout.map { String(repeating: "-", count: $0.width) }
    output.append(rule.joined(separator: Self.gap) + "\n")
    for cells in held { Self.line(cells, layout, into: &output) }
    held = []
  }

  /// Narrows columns until the line fits: first the long ones, then all except the first, which usually names the row,
  /// then the first, too; none below four.
  private static func fit(_ layout: inout [Column], into width: Int?) {
    guard let width else { return }
    let room = width - gap.utf8.count * (layout.count - 1)
    narrow(&layout, layout.indices.filter { layout[$0].width > 24 }, floor: 12, into: room)
    narrow(&layout, Array(layout.indices.dropFirst()), floor: 4, into: room)
    narrow(&layout, Array(layout.indices), floor: 4, into: room)
  }

  /// Narrows the widest of some columns equally, but none below a minimum.
  private static func narrow(_ layout: inout [Column], _ chosen: [Int], floor: Int, into room: Int) {
    var excess = layout.reduce(-room) { $0 + $1.width }
    while excess > 0, let widest = chosen.max(by: { layout[$0].width < layout[$1].width }),
      layout[widest].width > floor
    {
      layout[widest].width -= 1
      excess -= 1
    }
  }

  private static func line(_ cells: [QueryValue], _ layout: [Column], into output: inout [UInt8]) {
    let start = output.count
    for (index, (cell, column)) in zip(cells, layout).enumerated() {
      if index > 0 { output.append(gap) }
      // A number that is cut short would be another number.
      let text = cell.isNumber ? cell.shortText : cell.shortText.cut(toWidth: column.width)
      let blanks = repeatElement(UInt8(ascii: " "), count: Swift.max(0, column.width - text.displayWidth))
      if column.isRight { output.append(contentsOf: blanks) }
      output.append(text)
      if !column.isRight { output.append(contentsOf: blanks) }
    }
    while output.count > start, output.last == UInt8(ascii: " ") { output.removeLast() }
    output.append(UInt8(ascii: "\n"))
  }

  /// The escaped text; of a long one no more than can be shown.
  private static func shown(_ text: String, _ limit: Int) -> String {
    if text.utf8.count <= limit, text.isPlain { return text }
    // A grapheme may have any number of scalars; this many are enough to show and few enough to hold.
    let scalars = text.unicodeScalars.prefix(limit * 8)
    let isWhole = scalars.endIndex == text.unicodeScalars.endIndex
    let start = String(scalars).printable
    return (isWhole ? start : start + "…").cut(toWidth: limit)
  }
}

/// One field per line under its name, with a blank line between rows: for rows with more fields than fit a line.
///
/// No value is cut. Line ends and control characters are escaped, so a field stays on one line.
package struct LinesFormat: RowFormat {
  private var names: [String] = []
  private var isFirst = true

  /// Creates a writer.
  package init() {}

  /// Keeps the names, padded to one width.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    let shown = columns.map(\.printable)
    let width = shown.map(\.displayWidth).max() ?? 0
    names = shown.map { $0 + String(repeating: " ", count: width - $0.displayWidth) }
  }

  /// Writes a row's fields.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
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
  package mutating func end(into output: inout [UInt8]) {}
}
