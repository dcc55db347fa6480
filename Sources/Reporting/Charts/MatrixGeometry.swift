import Bytes

/// The layout of a matrix, relative to its top left corner.
///
/// Names are never cut. If there is space, they are next to rows and above columns; otherwise columns have numbers, and
/// rows have numbers and names; otherwise both have numbers, with a key below.
package struct MatrixGeometry: Equatable, Sendable {
  /// The position of names.
  package enum Naming: Equatable, Sendable {
    /// Next to rows, and horizontally above columns.
    case written
    /// Next to rows, and above columns reading upwards.
    case turned
    /// Next to rows after a number; columns have only the number.
    case numbered
    /// In a key below; rows and columns have only numbers.
    case keyed
  }

  /// The cells' area.
  package var grid: Rect
  package var cellWidth: Double
  package var cellHeight: Double
  package var naming: Naming
  /// The width of the rows' names, at the left of the grid.
  package var nameWidth: Double
  /// The height of the columns' names, above the grid.
  package var nameHeight: Double
  /// The font size of the names.
  package var nameSize: Double
  /// The font size in the cells; 0 if nothing fits.
  package var cellSize: Double
  /// The number of lines that fit in a cell.
  package var cellLines: Int
  /// Whether cells only have room for their short text.
  package var isShort: Bool
  /// The width of the notes at the right of the grid; 0 if they are in the key.
  package var noteWidth: Double
  /// Whether the scale lies below the grid.
  package var scaleIsBelow: Bool
  /// The top of the key.
  package var keyTop: Double
  /// The height of the whole chart.
  package var height: Double
  /// The smallest width that the numbers of rows and columns need; 0 if names have room.
  package var neededWidth: Double

  static let titleSpace = 14.0
  static let scaleBeside = 64.0
  static let scaleBelow = 34.0
  /// The width below which the scale is placed below the grid.
  private static let besideWidth = 330.0
  private static let leastType = 5.0
  private static let leastCell = 6.8

  package init(chart: MatrixChart, typesetter: Typesetter, width: Double) {
    let ways: [(Naming, Double)] = [
      (.written, min(118, width * 0.28)), (.turned, min(118, width * 0.28)), (.numbered, min(118, width * 0.3)),
      (.numbered, width * 0.42),
    ]
    for (naming, cap) in ways where !(chart.isNumbered && [.written, .turned].contains(naming)) {
      let found = MatrixGeometry(chart, typesetter, width: width, naming, names: cap, hasNotes: true)
      if found.holdsNames(of: chart, typesetter), found.holdsNotes(of: chart, typesetter) {
        self = found
        return
      }
    }
    let keyed = MatrixGeometry(chart, typesetter, width: width, .keyed, names: 0, hasNotes: true)
    self =
      keyed.holdsNotes(of: chart, typesetter) && keyed.neededWidth <= width
      ? keyed : MatrixGeometry(chart, typesetter, width: width, .keyed, names: 0, hasNotes: false)
  }

  private init(
    _ chart: MatrixChart, _ typesetter: Typesetter, width: Double, _ naming: Naming, names cap: Double, hasNotes: Bool
  ) {
    let (columns, rows) = (Double(max(chart.columns.count, 1)), Double(max(chart.rows.count, 1)))
    let crowd = max(chart.columns.count, chart.rows.count)
    let key = MatrixKey(chart, hasNotes: !hasNotes)
    self.naming = naming
    var size = crowd > 16 ? 6.5 : crowd > 8 ? 7.5 : 8.0
    func widest(_ names: [String]) -> Double {
      names.map { typesetter.width(of: $0, TextStyle.small.size(size)) }.max() ?? 0
    }
    let rowNames = chart.rows.indices.map { key.rowName($0, naming) }
    let columnNames = chart.columns.indices.map { key.columnName($0, naming) }
    nameWidth = naming == .keyed ? widest(rowNames) + 8 : min(widest(rowNames) + 8, cap)
    noteWidth =
      chart.rowNotes.isEmpty || !hasNotes
      ? 0
      : min(
        max(widest(chart.rowNotes), typesetter.width(of: chart.rowNoteTitle, .tiny)) + 8, 84, width * 0.22)
    scaleIsBelow = width < Self.besideWidth
    let fixed = Self.titleSpace + nameWidth + noteWidth + (scaleIsBelow ? 2 : Self.scaleBeside)
    cellWidth = max(min(chart.largestCell.width, (width - fixed) / columns), 1)
    cellHeight = min(chart.largestCell.height, cellWidth * (crowd > 8 ? 1 : 0.62), 400 / rows)
    cellHeight = max(cellHeight, min(cellWidth, 9), Self.leastCell)
    neededWidth = naming == .keyed ? fixed + Self.leastCell * columns : 0
    // The font fits the height of the rows, and numbers above columns also their width.
    size = min(size, max(cellHeight * 0.8, Self.leastType))
    if naming == .numbered || naming == .keyed {
      let numbers = widest(columnNames)
      if numbers > cellWidth - 1 { size = max(size * (cellWidth - 1) / numbers, Self.leastType) }
    }
    nameSize = size
    switch naming {
    case .turned: nameHeight = widest(columnNames) + 6
    case .written:
      let style = TextStyle.small.size(size), cell = cellWidth
      nameHeight =
        (columnNames.map { typesetter.shape($0, style, width: cell - 4, lines: 5)?.height ?? 0 }.max() ?? 0) + 4
    case .numbered, .keyed: nameHeight = size * 1.4 + 3
    }
    (cellLines, cellSize, isShort) = Self.type(chart, typesetter, cellWidth, cellHeight)
    let area = (width: cellWidth * columns, height: cellHeight * rows)
    grid = Rect(
      x: Self.titleSpace + nameWidth, y: Self.titleSpace + nameHeight, width: area.width, height: area.height)
    keyTop = grid.y + (scaleIsBelow ? max(area.height, 40) + Self.scaleBelow : max(area.height, 96) + 4)
    height = keyTop + (naming == .keyed ? key.lines(typesetter, width: width).height : 0)
  }

  /// The number and size of the lines in a cell, and whether the short line replaces them.
  private static func type(
    _ chart: MatrixChart, _ typesetter: Typesetter, _ width: Double, _ height: Double
  ) -> (lines: Int, size: Double, isShort: Bool) {
    let cells = chart.cells.flatMap { $0 }
    // The lines after the first are smaller.
    func unit(_ texts: [String]) -> Double {
      let longest = texts.max { $0.utf8.count < $1.utf8.count } ?? ""
      return typesetter.width(of: longest, TextStyle.small.size(10)) / 10
    }
    let wanted = cells.map(\.lines.count).max() ?? 0
    let lines = height < 16.5 || width < 24 ? 1 : height >= 28 ? min(max(wanted, 2), 3) : 2
    let heights = lines == 1 ? 1.8 : lines == 2 ? 2.7 : 4
    func fitting(_ unit: Double) -> Double { unit > 0 ? min((width - 3) / unit, height / heights, 9.5) : 0 }
    let size = fitting(unit(cells.compactMap(\.lines.first)))
    let short = fitting(unit(cells.compactMap { $0.short ?? $0.lines.first }))
    if lines == 1, size < 5.5, short > size { return (lines, short >= 4 ? short : 0, true) }
    return (lines, size >= 4 ? size : 0, false)
  }

  /// Whether every name fits without being cut and without overlapping another.
  private func holdsNames(of chart: MatrixChart, _ typesetter: Typesetter) -> Bool {
    let style = TextStyle.small.size(nameSize), key = MatrixKey(chart)
    guard cellHeight >= nameSize * 1.2 else { return false }
    let rows = chart.rows.indices.allSatisfy { row in
      let text = self.rowText(key.rowName(row, naming), typesetter)
      return text.map { !$0.isCut && ($0.lines == 1 || $0.height <= cellHeight) } ?? true
    }
    guard rows else { return false }
    let names = chart.columns.indices.map { key.columnName($0, naming) }
    switch naming {
    case .written:
      return names.allSatisfy { name in
        // Words of scripts with spaces are not split.
        let words = name.unicodeScalars.split { $0 == " " || $0.value >= 0x2E80 }
        let widest = words.map { typesetter.width(of: String($0), style) }.max() ?? 0
        return widest <= cellWidth - 4
          && typesetter.shape(name, style, width: cellWidth - 4, lines: 5)?.isCut != true
      }
    case .turned: return nameHeight <= min(116, grid.width + 30) && cellWidth >= nameSize * 1.3
    case .numbered, .keyed:
      return names.allSatisfy { typesetter.width(of: $0, style) <= cellWidth - 0.8 }
    }
  }

  /// A row's name, on as many lines as the row has room for.
  func rowText(_ name: String, _ typesetter: Typesetter) -> ShapedText? {
    typesetter.shape(
      name, TextStyle.small.size(nameSize), width: nameWidth - 6, lines: max(Int(cellHeight / (nameSize * 1.36)), 1),
      alignment: .right)
  }

  private func holdsNotes(of chart: MatrixChart, _ typesetter: Typesetter) -> Bool {
    chart.rowNotes.indices.allSatisfy { noteText($0, of: chart, typesetter)?.isCut != true }
  }

  /// A row's note; it may also use the space of the following rows without a note.
  func noteText(_ row: Int, of chart: MatrixChart, _ typesetter: Typesetter) -> ShapedText? {
    guard chart.rowNotes.indices.contains(row), noteWidth > 0, !chart.rowNotes[row].isEmpty else { return nil }
    let next = chart.rowNotes[(row + 1)...].firstIndex { !$0.isEmpty } ?? chart.rowNotes.count
    let lines = Int(Double(next - row) * cellHeight / (nameSize * 1.36))
    return typesetter.shape(
      chart.rowNotes[row], TextStyle.small.size(nameSize).colour(Palette.muted), width: noteWidth - 2,
      lines: max(lines, 1), alignment: .right)
  }
}

/// The numbers of a matrix's rows and columns, and the key that explains them.
struct MatrixKey {
  private let chart: MatrixChart
  /// The distinct names, those of rows first.
  private var names: [String] = []
  /// The text after each name.
  private var notes: [String] = []
  private var rowNumbers: [Int] = []
  private var columnNumbers: [Int] = []

  /// Numbers the rows, and the columns with other names.
  init(_ chart: MatrixChart, hasNotes: Bool = false) {
    self.chart = chart
    var places: [ByteText: Int] = [:], note = ""
    for (row, name) in chart.rows.enumerated() {
      if hasNotes, chart.rowNotes.indices.contains(row), !chart.rowNotes[row].isEmpty { note = chart.rowNotes[row] }
      names.append(name)
      notes.append(note)
      rowNumbers.append(names.count)
      if places[ByteText(name)] == nil { places[ByteText(name)] = names.count }
    }
    for (column, name) in chart.columns.enumerated() {
      // Rows and columns list the same posts in the same order, even if their names are hidden.
      if chart.isNumbered, rowNumbers.indices.contains(column) {
        columnNumbers.append(rowNumbers[column])
      } else if let number = places[ByteText(name)] {
        columnNumbers.append(number)
      } else {
        names.append(name)
        notes.append("")
        columnNumbers.append(names.count)
      }
    }
  }

  /// The text next to a row.
  func rowName(_ row: Int, _ naming: MatrixGeometry.Naming) -> String {
    let name = chart.rows[row]
    return switch naming {
    case .written, .turned: name
    case .numbered: "\(rowNumbers[row])  \(name.isolated)"
    case .keyed: String(rowNumbers[row])
    }
  }

  /// The name or number above a column.
  func columnName(_ column: Int, _ naming: MatrixGeometry.Naming) -> String {
    let name = chart.columns[column]
    return switch naming {
    case .written, .turned: name
    case .numbered, .keyed: String(columnNumbers[column])
    }
  }

  /// The key, in as many columns as fit into the width.
  func lines(
    _ typesetter: Typesetter, width: Double
  ) -> (height: Double, draw: (PageCanvas, Point) -> Void) {
    let style = TextStyle.small.size(7)
    let numberWidth = typesetter.width(of: String(names.count), style) + 6
    let texts = zip(names, notes).map { $1.isEmpty ? $0 : "\($0.isolated)  ·  \($1.isolated)" }
    let widest = texts.map { typesetter.width(of: $0, style) }.max() ?? 0
    let columns = max(1, min(Int(width / (widest + numberWidth + 12)), 5, names.count))
    let column = width / Double(columns), perColumn = (names.count + columns - 1) / columns
    let shaped = texts.map { typesetter.shape($0, style, width: column - numberWidth - 4, lines: 5) }
    let rows = (0..<perColumn).map { row in
      stride(from: row, to: shaped.count, by: perColumn).map { shaped[$0]?.height ?? 0 }.max() ?? 0
    }
    let tops = rows.indices.map { rows[..<$0].reduce(4, +) }
    return (
      rows.reduce(6, +),
      { canvas, corner in
        for (place, text) in shaped.enumerated() {
          let x = corner.x + Double(place / perColumn) * column, y = corner.y + tops[place % perColumn]
          let number = typesetter.shape(String(place + 1), style.colour(Palette.muted))
          canvas.draw(number, x: x, baseline: y + (text?.baseline ?? 0))
          canvas.draw(text, at: Point(x: x + numberWidth, y: y))
        }
      }
    )
  }
}
