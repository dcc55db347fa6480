internal import Bytes
package import Corpus

/// Finds the cells of columns that are only kept, whatever order each file has them in.
///
/// One look-up a column when a file begins; a cell then costs nothing to find.
package struct KeptCells: Sendable {
  /// The names of all files' kept columns, each once.
  package let names: [String]
  /// Look-ups of names so far.
  package private(set) var lookups = 0
  private let numbers: [ByteText: Int]
  private let columnsByFile: [[CorpusColumn]]
  private var file: Int?
  /// Of each column, its place among the kept ones of the present file; -1 where the file lacks it.
  private var places: [Int] = []

  /// Columns by file, each file's in the order of its header.
  package init(_ columnsByFile: [[CorpusColumn]]) {
    var (names, numbers): ([String], [ByteText: Int]) = ([], [:])
    for column in columnsByFile.joined() where column.isKept {
      lookups += 1
      if numbers[ByteText(column.name)] == nil {
        numbers[ByteText(column.name)] = names.count
        names.append(column.name)
      }
    }
    (self.names, self.numbers, self.columnsByFile) = (names, numbers, columnsByFile)
  }

  /// Says which file the next posts are of. O(1) for the present one, O(columns) for another.
  package mutating func begin(file: Int) {
    guard self.file != file, columnsByFile.indices.contains(file) else { return }
    self.file = file
    places = [Int](repeating: -1, count: names.count)
    for (place, column) in columnsByFile[file].lazy.filter(\.isKept).enumerated() {
      lookups += 1
      if let number = numbers[ByteText(column.name)] { places[number] = place }
    }
  }

  /// A column's number among all; `nil` for one that no file keeps.
  func number(of column: CorpusColumn) -> Int? { column.isKept ? numbers[ByteText(column.name)] : nil }

  /// The cell of a column by its number, in a post of the present file; `nil` where the file lacks the column.
  package func cell(_ number: Int, of post: Post) -> String? {
    let place = places[number]
    return post.extra.indices.contains(place) ? post.extra[place].value : nil
  }
}

extension CorpusColumn {
  /// Whether the model does not read it.
  var isKept: Bool { role == nil || role == .date }
}
