package import Bytes
package import Evaluation
import GRDB
import Queries

/// The results for each value of a column.
package struct SliceTable: Equatable, Sendable {
  /// The posts with one value.
  package struct Slice: Equatable, Sendable {
    /// Nil for posts without a value and for the pooled rest.
    package var value: ByteText?
    /// The number of values pooled in the last slice; 0 for a slice of one value.
    package var pooled = 0
    /// Scored posts, with and without a truth.
    package var posts: Int
    package var matrix: ConfusionMatrix
  }

  /// Accuracy and macro F1 of a slice.
  package struct Scores {
    package var accuracy: Measure
    package var macroF1: Measure
  }

  /// The maximum number of slices.
  package static let limit = 30
  /// The number of posts below which a slice's results are too uncertain.
  package static let few = 30

  /// The column's name as requested.
  package var column: String
  /// The values with the most posts first, then the posts without a value, then the pooled rest.
  package var slices: [Slice]
}

extension SliceTable.Slice {
  /// Its scores with the intervals that `clfa evaluate --by` prints; nil without a post with a true label.
  ///
  /// - Complexity: O(1000 draws · cells).
  package var scores: SliceTable.Scores? {
    let measures = ConfusionMatrixMeasures.list(
      matrix, slice: "", positive: nil, resampling: BootstrapOptions(), isWhole: false)
    guard let accuracy = measures.first(where: { $0.name == "accuracy" }),
      let macroF1 = measures.first(where: { $0.name == "macro_f1" })
    else { return nil }
    return SliceTable.Scores(accuracy: accuracy, macroF1: macroF1)
  }
}

/// Counts posts by a column's value.
struct SliceTally {
  /// The most different values that are counted separately, in case the column contains free text.
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
  private var values: [ByteText] = []
  private var counts: [Count] = []
  private var none = Count()
  private var beyond = Count()

  /// Counts a post; the labels are given by number.
  mutating func add(value: ByteText?, truth: Int?, predicted: Int) {
    guard let value, !Self.isBlank(value) else { return Self.add(truth, predicted, to: &none) }
    if let place = places[value] { return Self.add(truth, predicted, to: &counts[place]) }
    guard values.count < Self.maximumValues else { return Self.add(truth, predicted, to: &beyond) }
    places[value] = values.count
    values.append(value)
    counts.append(Count())
    Self.add(truth, predicted, to: &counts[values.count - 1])
  }

  /// Whether a cell contains only white space, which counts as no value.
  static func isBlank(_ value: ByteText) -> Bool {
    value.utf8.allSatisfy { $0 == UInt8(ascii: " ") || (0x09...0x0D).contains($0) }
  }

  private static func add(_ truth: Int?, _ predicted: Int, to count: inout Count) {
    count.posts += 1
    if let truth { count.cells[Cell(truth: truth, predicted: predicted), default: 0] += 1 }
  }

  /// The table with one slice for each of the most frequent values and one for the rest.
  func table(column: String, labels: [ByteText], names: [ByteText]) -> SliceTable {
    let order = values.indices.sorted {
      counts[$0].posts != counts[$1].posts
        ? counts[$0].posts > counts[$1].posts : values[$0] < values[$1]
    }
    let shown = order.prefix(SliceTable.limit), rest = order.dropFirst(SliceTable.limit)
    func slice(_ value: ByteText?, _ parts: [Count], pooled: Int = 0) -> SliceTable.Slice {
      var matrix = ConfusionMatrix(labels: labels)
      for count in parts {
        // Sorted, because a dictionary has no order and the matrix lists unknown truths in order of appearance.
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

/// A column by which posts are grouped: one of the corpus, or else one that every store has.
struct SliceColumn {
  /// The name as requested.
  var name: String
  /// The SQL expression for the value; `?` is `argument`.
  var expression: String
  /// The text bound to `?`, if the expression has it.
  var argument: String?

  /// The columns that every store has.
  static let standard = ["file", "state", "truncated", "month", "day"]

  /// The month of a post's date, whatever columns the corpus has.
  static let postMonth = SliceColumn(name: "month", expression: "substr(post.posted_at, 1, 7)", argument: nil)

  private static func expression(_ name: String) -> String? {
    switch name {
    case "file": "entry.file"
    case "state": "entry.state"
    case "truncated":
      "CASE WHEN NOT (SELECT \(SQLFragments.isRead(by: "scorer")) FROM scorer WHERE scorer.id = prediction.scorer_id) "
        + "THEN NULL WHEN prediction.truncated > 0 THEN 'text cut' "
        + "ELSE 'whole text' END"
    case "month": postMonth.expression
    case "day": "substr(post.posted_at, 1, 10)"
    default: nil
    }
  }

  /// Finds a column by its name; a column of the corpus comes first.
  ///
  /// - Throws: `ResultsError.noSuchColumn` if no post of the run has it.
  static func find(_ name: String, in database: Database, run: RunFacts) throws -> SliceColumn {
    // A JSON path is fast, but it cannot express names with quotes, backslashes or control characters.
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

  /// The columns of the run's first 1,000 posts, and those that every store has.
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
