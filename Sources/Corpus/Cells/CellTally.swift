package import Bytes

/// Reads the cells of posts that have a type, and counts those that do not have it: dates, and the columns of
/// `--column`.
package struct CellTally: Sendable {
  /// A cell whose text does not have the type of its column.
  package struct UnreadCell: Sendable, Equatable {
    /// The column; nil for the posts' date.
    package var column: ByteText?
    package var text: String
  }

  /// The cells of one declared column.
  private struct Column: Sendable {
    var declaration: ColumnDeclaration
    var values = 0, unread = 0, commas = 0
    var examples = CellExamples()
  }

  private var dates: DateTally
  private var columns: [Column]
  private let parser: DateParser

  /// Counts nothing yet.
  ///
  /// - Parameters:
  ///   - parser: reads dates, and the columns of times.
  ///   - namesDates: whether the corpus has a column of dates.
  ///   - columns: the declared columns.
  package init(_ parser: DateParser, namesDates: Bool, columns: [ColumnDeclaration]) {
    (self.parser, dates) = (parser, DateTally(parser, isNamed: namesDates))
    self.columns = columns.map { Column(declaration: $0) }
  }

  /// Counts a post's cells; returns its time in UTC, if it has one that can be read, and the cells that cannot be read.
  package mutating func read(_ post: Post) -> (time: String?, unread: [UnreadCell]) {
    var (time, unread): (String?, [UnreadCell]) = (nil, [])
    switch dates.read(post) {
    case .time(let text): time = text
    case .unread(let text): unread.append(UnreadCell(text: text))
    case .none: break
    }
    for place in columns.indices {
      let declaration = columns[place].declaration
      guard let text = post.extra.first(where: { $0.name == declaration.name })?.value, !text.isBlank,
        !text.isPlaceholder
      else { continue }
      columns[place].values += 1
      if declaration.type.reads(text, parser) { continue }
      columns[place].unread += 1
      if declaration.type != .time, Self.hasDecimalComma(text) { columns[place].commas += 1 }
      columns[place].examples.add(text, at: post.position)
      unread.append(UnreadCell(column: declaration.name, text: text))
    }
    return (time, unread)
  }

  /// What the end of a run, a plan or a check says of dates and declared columns.
  package var notices: [String] { dates.notices + unreadColumns.map(\.words) }

  /// The rows whose date cannot be read, with what the notice says of them; nil if there are none.
  package var unreadDates: (rows: Int, words: String)? {
    dates.unread > 0 ? dates.notices.first.map { (dates.unread, $0) } : nil
  }

  /// The declared columns with cells that do not have their type, with the number of those.
  package var unreadColumns: [(name: ByteText, rows: Int, words: String)] {
    columns.compactMap { column in
      guard column.unread > 0 else { return nil }
      let (name, type) = (column.declaration.name, column.declaration.type)
      var words = "column \(name.text.printable(upTo: 60)): \(column.unread) of \(column.values) values are no "
      words += "\(type.plural), such as \(column.examples.words): queries have no value for them"
      if column.commas > 0 {
        words +=
          "; \(column.commas) \(column.commas == 1 ? "has" : "have") a decimal comma: write them with a point in the corpus"
      }
      return (name, column.unread, words)
    }
  }

  /// Whether a text is a number but for its comma: `0,3` and `-1.000,25`.
  private static func hasDecimalComma(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ isDigit($0) || ",.+ -".utf8.contains($0) }) else { return false }
    return bytes.indices.contains {
      bytes[$0] == UInt8(ascii: ",") && $0 > 0 && isDigit(bytes[$0 - 1]) && $0 + 1 < bytes.count
        && isDigit(bytes[$0 + 1])
    }
  }
}

/// The first different texts of cells that cannot be read.
struct CellExamples: Sendable {
  private static let most = 3
  private var examples: [(position: RowPosition, text: String)] = []

  mutating func add(_ text: String, at position: RowPosition) {
    guard examples.count < Self.most, !examples.contains(where: { ByteText($0.text) == ByteText(text) }) else { return }
    examples.append((position, text))
  }

  /// `"12%" (posts.csv:3), "abc" (posts.csv:4)`
  var words: String {
    examples.map { position, text in
      "\"\(text.printable(upTo: 40))\" (\(position.file.text.printable):\(position.line))"
    }.joined(separator: ", ")
  }
}

extension ColumnType {
  fileprivate var plural: String {
    switch self {
    case .integer: "whole numbers"
    case .real: "numbers"
    case .time: "times with one meaning"
    }
  }
}
