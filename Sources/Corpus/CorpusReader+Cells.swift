/// A row's cells as the file has them, whatever became of the row.
extension CorpusReader {
  /// The cells of the row that `next()` handed out last, as many as its file has columns.
  ///
  /// A cell is what stands there to the byte, but for bytes that are no text and for NULs, which come as U+FFFD. A record
  /// with too few cells is filled up with empty ones; of one with too many, the last cell holds all that are left, with
  /// the delimiter between them, if the options keep them. Where the quotes do not balance, the cells before the one
  /// that is open are there.
  public var cells: [String] {
    guard let builder, let record else { return [] }
    let count = builder.layout.names.count
    let fields = parser.fields
    let kept = min(record.fieldCount, fields.keptCount)
    var cells = (0..<min(count, kept)).map { Self.cell(fields, $0) }
    if kept > count, count > 0 {
      let rest = (count - 1..<kept).map { Self.cell(fields, $0) }
      cells[count - 1] = rest.joined(separator: String(decoding: [parser.delimiter], as: UTF8.self))
    }
    return cells + repeatElement("", count: count - cells.count)
  }

  private static func cell(_ fields: FieldStore, _ index: Int) -> String {
    fields.withBytes(of: index) { bytes in
      guard bytes.contains(0) else { return String(decoding: bytes, as: UTF8.self) }
      let replacement = Array("\u{FFFD}".utf8)
      return String(decoding: bytes.flatMap { $0 == 0 ? replacement : [$0] }, as: UTF8.self)
    }
  }
}
