import Bytes
package import Evaluation
import GRDB
import Queries

/// How right predictions are for each value of a column.
package struct SliceTable: Equatable, Sendable {
  /// The posts of one value.
  package struct Slice: Equatable, Sendable {
    /// The value; nil if the column has none.
    package var value: String?
    /// The number of values pooled in the last slice; 0 for a slice of one value.
    package var pooled = 0
    /// Scored posts, with and without a truth.
    package var posts: Int
    /// Truth against prediction.
    package var matrix: ConfusionMatrix
  }

  /// The maximum number of slices.
  package static let limit = 30
  /// Under so many posts a slice's numbers are hardly more than chance.
  package static let few = 30

  /// The column's name as it was asked for.
  package var column: String
  /// The slices by descending number of posts, then the posts without a value, then the pooled rest.
  package var slices: [Slice]
}

/// Counts posts by a column's value while they pass by.
struct SliceTally {
  /// More different values are counted as one: a column of texts is no column of slices.
  static let maximumValues = 10_000

  private struct Cell: Hashable {
    var truth: Int
    var predicted: Int
  }

  private struct Count {
    var posts = 0
    var cells: [Cell: Int] = [:]
  }

  private var places: [ByteText: Int] = [:]
  private var values: [String] = []
  private var counts: [Count] = []
  private var none = Count()
  private var beyond = Count()

  /// Counts a post by the numbers of its labels.
  mutating func add(value: String?, truth: Int?, predicted: Int) {
    guard let value, !Self.isBlank(value) else { return Self.add(truth, predicted, to: &none) }
    let key = ByteText(value)
    if let place = places[key] { return Self.add(truth, predicted, to: &counts[place]) }
    guard values.count < Self.maximumValues else { return Self.add(truth, predicted, to: &beyond) }
    places[key] = values.count
    values.append(value)
    counts.append(Count())
    Self.add(truth, predicted, to: &counts[values.count - 1])
  }

  /// Whether a cell holds nothing but blanks, and so no value.
  static func isBlank(_ value: String) -> Bool {
    value.utf8.allSatisfy { $0 == UInt8(ascii: " ") || (0x09...0x0D).contains($0) }
  }

  private static func add(_ truth: Int?, _ predicted: Int, to count: inout Count) {
    count.posts += 1
    if let truth { count.cells[Cell(truth: truth, predicted: predicted), default: 0] += 1 }
  }

  /// The table: the commonest values, each apart, and one line for the rest.
  func table(column: String, labels: [String], names: [String]) -> SliceTable {
    let order = values.indices.sorted {
      counts[$0].posts != counts[$1].posts
        ? counts[$0].posts > counts[$1].posts : ByteText(values[$0]) < ByteText(values[$1])
    }
    let shown = order.prefix(SliceTable.limit), rest = order.dropFirst(SliceTable.limit)
    func slice(_ value: String?, _ parts: [Count], pooled: Int = 0) -> SliceTable.Slice {
      var matrix = ConfusionMatrix(labels: labels)
      for count in parts {
        // By their numbers, since a dictionary has no order and the matrix' unknown truths have.
        for (cell, posts) in count.cells.sorted(by: {
          ($0.key.truth, $0.key.predicted) < ($1.key.truth, $1.key.predicted)
        }) {
          matrix.add(truth: names[cell.truth], predicted: names[cell.predicted], count: posts)
        }
      }
      return SliceTable.Slice(
        value: value, pooled: pooled, posts: parts.reduce(0) { $0 + $1.posts }, matrix: matrix)
    }
    var slices = shown.map { slice(values[$0], [counts[$0]]) }
    if none.posts > 0 { slices.append(slice(nil, [none])) }
    if !rest.isEmpty || beyond.posts > 0 {
      slices.append(slice(nil, rest.map { counts[$0] } + [beyond], pooled: max(rest.count, 1)))
    }
    return SliceTable(column: column, slices: slices)
  }
}

/// A column by which posts are grouped: one that every store has, otherwise one of the corpus' own.
struct SliceColumn {
  /// Its name as it was asked for.
  var name: String
  /// The SQL expression for the value; `?` is the column's name.
  var expression: String
  /// The text bound to `?`, if the expression has one.
  var argument: String?

  /// The columns that every store has.
  static let standard = ["file", "state", "truncated", "month", "day"]

  private static func expression(_ name: String) -> String? {
    switch name {
    case "file": "entry.file"
    case "state": "entry.state"
    case "truncated":
      "CASE WHEN NOT (SELECT \(SQLFragments.isRead(by: "scorer")) FROM scorer WHERE scorer.id = prediction.scorer_id) "
        + "THEN NULL WHEN prediction.truncated > 0 THEN 'text cut' "
        + "ELSE 'whole text' END"
    case "month": "substr(post.posted_at, 1, 7)"
    case "day": "substr(post.posted_at, 1, 10)"
    default: nil
    }
  }

  /// Finds a column by its name: the corpus' own comes first.
  ///
  /// - Throws: `ResultsError.noSuchColumn` if no post of the run has it.
  static func find(_ name: String, in database: Database, run: RunFacts) throws -> SliceColumn {
    // A path is quick, but has no way to write a name with quotes, backslashes or control characters.
    let isPlain = name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    let argument = isPlain ? "$.\"\(name)\"" : name
    let own =
      isPlain
      ? "post.extra ->> ?" : "(SELECT member.value FROM json_each(post.extra) AS member WHERE member.key = ?)"
    let isOwn = try Bool.fetchOne(
      database,
      sql: """
        SELECT EXISTS (SELECT 1 FROM entry CROSS JOIN post ON post.id = entry.post_id
          WHERE entry.run_id = ? AND \(own) IS NOT NULL)
        """, arguments: [run.id, argument])
    if isOwn == true { return SliceColumn(name: name, expression: own, argument: argument) }
    if let own = expression(name) { return SliceColumn(name: name, expression: own, argument: nil) }
    throw ResultsError.noSuchColumn(name, known: try known(database, run: run))
  }

  /// The columns of the run's first posts, and those that every store has.
  private static func known(_ database: Database, run: RunFacts) throws -> [String] {
    let own = try String.fetchAll(
      database,
      sql: """
        SELECT DISTINCT substr(member.key, 1, 200)
        FROM (SELECT post_id FROM entry WHERE run_id = ? AND post_id IS NOT NULL LIMIT 1000) AS first
        CROSS JOIN post ON post.id = first.post_id, json_each(post.extra) AS member LIMIT 100
        """, arguments: [run.id])
    return own + standard
  }
}

extension ReportData {
  /// The columns by which posts of every store can be grouped.
  package static var sliceColumns: [String] { SliceColumn.standard }
}
