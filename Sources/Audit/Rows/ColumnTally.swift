package import Corpus

/// What stands in one column of the corpus.
package struct ColumnSummary: Sendable, Equatable {
  /// A value, and how many cells have it.
  package struct Value: Sendable, Equatable {
    package var value: String
    package var count: Int
  }

  /// The column's name.
  package var name: String
  /// The part it plays; `nil` for one that is only kept.
  package var role: ColumnRole?
  /// Rows that could be read and have this column.
  package var rows = 0
  /// Cells of them without anything but blanks.
  package var empty = 0
  /// Different values of cells that are not empty; `nil` where there are over 1,000.
  package var distinct: Int?
  /// The commonest values; none where there are over 1,000 different ones.
  package var commonest: [Value] = []
}

/// Counts a column's cells.
struct ColumnTally {
  private static let most = 1000
  private static let shown = 3
  let column: CorpusColumn
  /// Its number among the columns that are only kept; `nil` for one that plays a part.
  private let number: Int?
  private var rows = 0
  private var empty = 0
  // By hash: a cell may have a megabyte.
  private var counts: [UInt64: Int] = [:]
  private var values: [UInt64: String] = [:]
  private var isOverfull = false

  init(_ column: CorpusColumn, number: Int?) { (self.column, self.number) = (column, number) }

  /// Counts the column's cell of a post.
  mutating func add(_ post: Post, _ cells: KeptCells) {
    switch column.role {
    case .id: add(post.key)
    case .text: add(post.text)
    case .image: add(post.image)
    case .knowledge: add(post.knowledge)
    case .label: add(post.label)
    // A file of several may lack the column.
    case .date, nil: if let number, let cell = cells.cell(number, of: post) { add(cell) }
    }
  }

  private mutating func add(_ cell: String?) {
    rows += 1
    guard let cell, !cell.isBlank else {
      empty += 1
      return
    }
    guard !isOverfull else { return }
    let text = TextHash.of(cell.utf8)
    if counts[text] == nil {
      guard counts.count < Self.most else {
        isOverfull = true
        (counts, values) = ([:], [:])
        return
      }
      values[text] = cell.excerpt
    }
    counts[text, default: 0] += 1
  }

  var summary: ColumnSummary {
    let order = counts.sorted { ($1.value, values[$0.key] ?? "") < ($0.value, values[$1.key] ?? "") }
    return ColumnSummary(
      name: column.name, role: column.role, rows: rows, empty: empty, distinct: isOverfull ? nil : counts.count,
      commonest: order.prefix(Self.shown).map { .init(value: values[$0.key] ?? "", count: $0.value) })
  }
}
