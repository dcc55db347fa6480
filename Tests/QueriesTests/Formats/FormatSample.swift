import Queries

/// Rows that are hard for every format, and the text that a format gives for them.
enum FormatSample {
  static let columns = ["key", "n", "share", "text", "bytes"]
  static let rows: [[QueryValue]] = [
    [.text("a"), .integer(.min), .real(0.1), .text("plain"), .blob([0, 255])],
    [.text(""), .integer(7), .real(-2.0 / 3), .text("say \"hi\", x|y_z\nnext\tcell \\ 100% & $5 #1"), .null],
    [.null, .null, .null, .text("日本 e\u{301} 👩‍👧 \u{1B}[2J\u{202E}<b>"), .blob([])],
  ]

  static func text(
    _ name: RowFormatName, columns: [String] = columns, rows: [[QueryValue]] = rows, width: Int? = nil
  ) -> String {
    var format = name.writer(width: width)
    var output: [UInt8] = []
    format.begin(columns, into: &output)
    for row in rows { format.row(row, into: &output) }
    format.end(into: &output)
    return String(decoding: output, as: UTF8.self)
  }
}
