/// What a block on a training run needs to lay itself out.
struct TrainingContext {
  var data: TrainingData
  var typesetter: Typesetter
  /// The text's width in points.
  var width: Double

  func heading(_ text: String) -> Piece { .heading(text, typesetter, width: width) }

  func note(_ text: String) -> Piece { .paragraph(text, .note, typesetter, width: width, gap: 5) }

  func remark(_ text: String) -> Piece { .remark(text, typesetter, width: width) }

  func table(_ columns: [Table.Column], _ rows: [Table.Row]) -> [Piece] {
    Table(columns: columns, rows: rows).pieces(typesetter, width: width)
  }
}

extension Format {
  /// A loss or a share with four decimals; a dash where there is none.
  static func measure(_ value: Double?) -> String { value.map { decimal($0, 4) } ?? "–" }

  /// A difference with its sign.
  static func change(_ value: Double?) -> String {
    guard let value else { return "–" }
    let words = decimal(value, 4)
    return value > 0 && words != decimal(0, 4) && words != "–" ? "+" + words : words
  }
}
