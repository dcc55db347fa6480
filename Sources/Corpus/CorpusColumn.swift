/// A column of a corpus file, and the part it plays.
public struct CorpusColumn: Equatable, Sendable {
  /// The name as the header spells it, or the column's number where it has none.
  public let name: String
  /// The part that the column plays; `nil` for one that is only kept.
  public let role: ColumnRole?

  package init(name: String, role: ColumnRole?) { (self.name, self.role) = (name, role) }
}

extension ColumnLayout {
  /// All columns in the header's order.
  var columns: [CorpusColumn] {
    let roles: [(Int?, ColumnRole)] = [
      (id, .id), (text, .text), (image, .image), (knowledge, .knowledge), (label, .label), (date, .date),
    ]
    return names.indices.map { place in
      CorpusColumn(name: names[place], role: roles.first { $0.0 == place }?.1)
    }
  }
}
