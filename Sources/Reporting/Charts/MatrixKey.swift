import Bytes

/// The numbers of a matrix' rows and columns, and the list that says whose they are.
struct MatrixKey {
  private let chart: MatrixChart
  /// The different names, the rows' first.
  private var names: [String] = []
  /// What is said behind each.
  private var notes: [String] = []
  private var rowNumbers: [Int] = []
  private var columnNumbers: [Int] = []

  /// Numbers the rows and, where they are not among the rows, the columns.
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
      // Posts stand in the same order on both sides, whatever of their names is hidden.
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

  /// What stands above a column.
  func columnName(_ column: Int, _ naming: MatrixGeometry.Naming) -> String {
    let name = chart.columns[column]
    return switch naming {
    case .written, .turned: name
    case .numbered, .keyed: String(columnNumbers[column])
    }
  }

  /// The list in as many columns as the width has room for.
  func lines(
    _ typesetter: Typesetter, width: Double
  ) -> (height: Double, draw: (PDFCanvas, Point) -> Void) {
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
