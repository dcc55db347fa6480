package import Bytes
import GRDB
package import Store

/// How often each label was predicted in each month, and its share where a sample is labelled.
package struct MonthlyShares: Equatable, Sendable {
  /// A month in which there are posts.
  package struct Month: Equatable, Sendable {
    /// The number of months since the year 0.
    package var number: Int
    /// The number of posts.
    package var posts: Int
    /// The number of them that are predicted as each label.
    package var predicted: [ByteText: Int]
    /// The number of labelled posts of the sample.
    package var labelled = 0
    /// The estimated shares of the labels; empty if fewer than ``leastLabels`` posts are labelled.
    package var shares: [EstimatedShare] = []

    /// The month in ISO 8601: `2026-01`.
    package var name: String { Self.name(number) }

    /// The name of a month by its number.
    package static func name(_ number: Int) -> String {
      func digits(_ value: Int, _ count: Int) -> String {
        String(repeating: "0", count: max(0, count - String(value).count)) + String(value)
      }
      return "\(digits(number / 12, 4))-\(digits(number % 12 + 1, 2))"
    }
  }

  /// The months in order; those without posts are left out.
  package private(set) var months: [Month] = []
  /// The number of posts without a date.
  package private(set) var undated = 0
  /// The run's reposts, if one post of each group counts.
  package private(set) var reposts: RunReposts?

  /// The most labels whose shares are estimated by month: each month takes labels² sums.
  package static let mostLabels = 64
  /// The most months whose shares are estimated.
  package static let mostMonths = ShareScan.maximumValues
  /// The fewest labelled posts from which a month's shares are estimated.
  package static let leastLabels = 2

  /// Estimates the shares of a run's labels, if the latest sample that can estimate them is labelled, and counts the
  /// predicted labels.
  ///
  /// - Parameters:
  ///   - database: the store.
  ///   - store: its reader.
  ///   - run: the run.
  ///   - scorer: its scorer.
  ///   - truth: the source of the true labels; nil for each post's latest.
  ///   - byMonth: whether labels are counted by month.
  /// - Returns: the shares, nil without a labelled sample, and the months. If the sample was drawn from distinct posts,
  ///   both count those.
  /// - Throws: `ResultsError.tooManyLabels` and others.
  /// - Complexity: One pass over the run's rows for each.
  static func fetch(
    _ database: Database, _ store: StoreReader, run: RunFacts, scorer: ScorerFacts, truth: String?, byMonth: Bool
  ) throws -> (shares: RunShares?, months: MonthlyShares?) {
    let sample = try SampleRecord.all(ofRun: run.id, in: database, path: store.path).first { $0.design.estimates }
    var months = byMonth ? try MonthlyShares(database, run: run, scorer: scorer) : nil
    guard let sample else { return (nil, months) }
    let counted =
      sample.isDistinct && run.reposts == nil
      ? try RunQuery.fetch(database, name: run.name.text, isDistinct: true).0 : run
    if counted != run, byMonth { months = try MonthlyShares(database, run: counted, scorer: scorer) }
    let isByMonth = months.map { $0.months.count > 1 && $0.months.count <= mostMonths } ?? false
    var scan = try ShareScan(
      database, run: counted, scorer: scorer, sample: sample, truth: truth,
      column: isByMonth && scorer.labels.count <= mostLabels ? .postMonth : nil,
      isCalibrated: store.calibration != nil)
    try scan.read(database)
    guard scan.whole.labelled > 0 else { return (nil, months) }
    let shares = RunShares(scan, run: counted, sample: sample, hasAllMethods: false)
    months?.add(shares.slices)
    return (shares, months)
  }

  /// Counts the predicted labels.
  private init(_ database: Database, run: RunFacts, scorer: ScorerFacts) throws {
    reposts = run.reposts
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT \(SliceColumn.postMonth.expression), prediction.label, count(*)
        FROM entry
        CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        CROSS JOIN post ON post.id = entry.post_id
        WHERE entry.run_id = ? AND \(run.isCounted("entry"))
        GROUP BY 1, 2 ORDER BY 1
        """, arguments: [scorer.id, run.id])
    while let row = try rows.next() {
      let posts = row.integer(2)
      guard let number = row.text(0).flatMap(Self.number), let label = row.byteText(1) else {
        undated += posts
        continue
      }
      if months.last?.number != number { months.append(Month(number: number, posts: 0, predicted: [:])) }
      months[months.count - 1].posts += posts
      months[months.count - 1].predicted[label, default: 0] += posts
    }
  }

  /// The number of a month that is written as `2026-01`.
  private static func number(_ name: String) -> Int? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let year = Int(parts[0]), let month = Int(parts[1]), year >= 0, (1...12).contains(month)
    else { return nil }
    return year * 12 + month - 1
  }

  private mutating func add(_ slices: [RunShares.Slice]) {
    let places = [String: RunShares.Slice](slices.map { ($0.name, $0) }) { first, _ in first }
    for place in months.indices {
      guard let slice = places["\(SliceColumn.postMonth.name)=\(months[place].name)"] else { continue }
      months[place].labelled = slice.labelled
      if slice.labelled >= Self.leastLabels { months[place].shares = slice.shares }
    }
  }
}
