package import Bytes
package import Corpus

/// The values of one column of the corpus.
package struct ColumnSummary: Sendable, Equatable {
  /// A value, and how many cells have it.
  package struct Value: Sendable, Equatable {
    package var value: String
    package var count: Int
  }

  /// The column's name.
  package var name: String
  /// The column's role; `nil` if it is only kept.
  package var role: ColumnRole?
  /// Rows that could be read and have this column.
  package var rows = 0
  /// Cells of them that are empty or blank.
  package var empty = 0
  /// Different values of cells that are not empty; `nil` if there are over 1,000.
  package var distinct: Int?
  /// The most common values; none if there are over 1,000 different ones.
  package var commonest: [Value] = []
}

/// Counts a column's cells.
struct ColumnTally {
  private static let most = 1000
  private static let shown = 3
  let column: CorpusColumn
  /// Its number among the columns that are only kept; `nil` for one with a role.
  private let number: Int?
  private var rows = 0
  private var empty = 0
  // Counted by hash, because a cell may have a megabyte.
  private var counts: [UInt64: Int] = [:]
  private var values: [UInt64: ByteText] = [:]
  private var isOverfull = false

  init(_ column: CorpusColumn, number: Int?) { (self.column, self.number) = (column, number) }

  /// Counts the column's cell of a post.
  mutating func add(_ post: Post, _ cells: ExtraCells) {
    switch column.role {
    case .id: add(post.key.text)
    case .text: add(post.text)
    case .image: add(post.storedImage)
    case .knowledge: add(post.knowledge)
    case .label: add(post.label?.text)
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
      values[text] = ByteText(cell.excerpt)
    }
    counts[text, default: 0] += 1
  }

  var summary: ColumnSummary {
    let order = counts.sorted { ($1.value, values[$0.key] ?? "") < ($0.value, values[$1.key] ?? "") }
    return ColumnSummary(
      name: column.name.text, role: column.role, rows: rows, empty: empty, distinct: isOverfull ? nil : counts.count,
      commonest: order.prefix(Self.shown).map { .init(value: values[$0.key]?.text ?? "", count: $0.value) })
  }
}

/// Finds the cells of columns that are only kept, for any order of columns in each file.
///
/// It looks up each column once when a file begins; finding a cell then costs nothing. Of posts that lack some of their
/// file's columns, as records of JSON may, it looks up each field.
package struct ExtraCells: Sendable {
  /// The names of all files' kept columns, each once.
  package let names: [ByteText]
  /// Look-ups of names so far.
  package private(set) var lookups = 0
  private let numbers: [ByteText: Int]
  private let columnsByFile: [[CorpusColumn]]
  private var file: Int?
  /// For each column, its index among the kept ones of the current file; -1 if the file lacks it.
  private var places: [Int] = []
  /// The number of the current file's kept columns, and the name of the last.
  private var kept: (count: Int, last: ByteText?) = (0, nil)
  /// For each column, its index among the fields of the current post, -1 if the post lacks it; empty if the post has all
  /// of its file's columns and no other.
  private var fields: [Int] = []

  /// Columns by file, each file's in the order of its header.
  package init(_ columnsByFile: [[CorpusColumn]]) {
    var (names, numbers): ([ByteText], [ByteText: Int]) = ([], [:])
    for column in columnsByFile.joined() where column.isKept {
      lookups += 1
      if numbers[column.name] == nil {
        numbers[column.name] = names.count
        names.append(column.name)
      }
    }
    (self.names, self.numbers, self.columnsByFile) = (names, numbers, columnsByFile)
  }

  /// Sets the file of the next posts. O(1) for the current one, O(columns) for another.
  package mutating func begin(file: Int) {
    guard self.file != file, columnsByFile.indices.contains(file) else { return }
    self.file = file
    places = [Int](repeating: -1, count: names.count)
    kept = (0, nil)
    for (place, column) in columnsByFile[file].lazy.filter(\.isKept).enumerated() {
      lookups += 1
      if let number = numbers[column.name] { places[number] = place }
      kept = (place + 1, column.name)
    }
  }

  /// Sets the post of the next cells; it belongs to the current file. Its fields are in the order of the file's columns.
  package mutating func begin(_ post: Post) {
    fields.removeAll(keepingCapacity: true)
    guard post.extra.count != kept.count || post.extra.last?.name != kept.last else { return }
    fields.append(contentsOf: repeatElement(-1, count: names.count))
    for (place, field) in post.extra.enumerated() {
      lookups += 1
      if let number = numbers[field.name] { fields[number] = place }
    }
  }

  /// A column's number among all; `nil` if no file keeps it.
  func number(of column: CorpusColumn) -> Int? { column.isKept ? numbers[column.name] : nil }

  /// The cell of a column by its number, in the current post; empty if the post lacks the column, `nil` if its file does.
  package func cell(_ number: Int, of post: Post) -> String? {
    var place = places[number]
    guard place >= 0 else { return nil }
    if !fields.isEmpty { place = fields[number] }
    return post.extra.indices.contains(place) ? post.extra[place].value : ""
  }
}

extension CorpusColumn {
  /// Whether the model does not read it.
  var isKept: Bool { role == nil || role == .date }
}
