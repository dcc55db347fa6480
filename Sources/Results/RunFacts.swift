package import Bytes
import GRDB
package import Inputs
import Queries
package import Store

/// A name and a value that a report prints side by side.
package struct Fact: Equatable, Sendable {
  package var name: String
  package var value: String
  /// A web address with more information; in a PDF the value links to it.
  package var link: String?

  package init(name: String, value: String, link: String? = nil) {
    (self.name, self.value, self.link) = (name, value, link)
  }
}

/// The facts on a run in a report.
package struct RunFacts: Equatable, Sendable {
  /// The run's row in the store.
  package var id: Int64
  /// Whether it is the store's latest run, the default of queries.
  package var isLatest: Bool
  package var name: ByteText
  /// The corpus files as given.
  package var corpus: String
  /// The folder of pictures as given.
  package var images: String?
  /// How files may differ from their references: by any rule, if the run found pictures by rules.
  package var imageMatch = PictureMatch.written
  /// The part of the corpus, `K/N`; nil for the whole corpus.
  package var shard: String?
  /// The version of the program that scored the run.
  package var version: String
  /// When the run began, UTC ISO 8601.
  package var startedAt: String
  /// When the run ended, UTC ISO 8601; nil if it has not.
  package var finishedAt: String?
  /// The final state: `finished`, `interrupted` and so on.
  package var state: String
  /// The share of the corpus that was sampled; nil without sampling.
  package var sample: String?
  /// The limit on rows; nil without a limit.
  package var limit: String?
  /// Why the run stopped early; nil if it did not.
  package var stop: String?
  /// The machine that scored.
  package var machine: [Fact]
  /// How the machines differ, if several scored the run.
  package var mix: String?
  /// The differences between the corpus and the training data, in words; nil if they were not recorded.
  package var mismatches: [String]?
  /// The run's reposts, if one post of each group counts; nil if every post does.
  package var reposts: RunReposts?
}

extension RunFacts {
  /// The number of posts that count and of all scored ones, if one post of each group of reposts counts.
  package var distinctPosts: (counted: Int, all: Int)? { reposts.map { ($0.distinct, $0.posts) } }

  /// SQL: whether an entry is a post that the run scored and that its figures count.
  func isCounted(_ entry: String) -> String { SQLFragments.isScored(entry) + distinct(entry) }

  /// SQL: whether it is one with a picture.
  func isCountedWithPicture(_ entry: String) -> String { SQLFragments.isScoredWithPicture(entry) + distinct(entry) }

  private func distinct(_ entry: String) -> String {
    reposts == nil ? "" : " AND \(distinctFunction)(\(entry).post_id)"
  }

  private var distinctFunction: String { "is_distinct_in_\(id)" }

  /// Counts one post of each group of reposts from now on.
  ///
  /// - Throws: `ResultsError.noRepostGroups` if an earlier version wrote the store.
  /// - Complexity: The run's posts are sorted once; some 20 bytes of memory for each that counts.
  fileprivate mutating func leaveOutReposts(_ database: Database) throws {
    guard try RunReposts.areStored(in: database) else { throw ResultsError.noRepostGroups }
    // A function, because each statement would sort the posts again.
    var posts: Set<Int64> = [], counts = RunReposts()
    let rows = try Row.fetchCursor(
      database, sql: "SELECT post_id, posts, repost_group IS NULL FROM (\(SQLFragments.distinctPosts(ofRun: "?")))",
      arguments: [id])
    while let row = try rows.next() {
      posts.insert(Int64(row.integer(0)))
      counts.addGroup(of: row.integer(1), isUngrouped: row.integer(2) != 0)
    }
    database.add(
      function: DatabaseFunction(distinctFunction, argumentCount: 1, pure: true) { [posts] values in
        Int64.fromDatabaseValue(values[0]).map(posts.contains) ?? false
      })
    reposts = counts
  }
}

/// The facts on a scorer in a report: a model at a precision with its options.
package struct ScorerFacts: Equatable, Sendable {
  /// The scorer's row in the store.
  package var id: Int64
  package var modelName: String
  /// The hash over everything that can change a score, in lower-case hexadecimal.
  package var fingerprint: String
  /// The numerical precision.
  package var precision: String
  /// The options that change results.
  package var options: [Fact]
  /// The labels in the model's order.
  package var labels: [ByteText]

  /// Whether the predictions were imported from another system.
  package var isForeign: Bool { precision == "foreign" }
}

/// Finds a run by name, or the latest, and reads its facts and those of its scorer.
enum RunQuery {
  /// Reads a run, the latest for `nil`; with `isDistinct`, one post of each group of reposts counts.
  static func fetch(
    _ database: Database, name: String?, isDistinct: Bool = false
  ) throws -> (RunFacts, ScorerFacts) {
    let condition = name == nil ? "id = (SELECT max(id) FROM run)" : "name = ?"
    let sql = """
      SELECT id, name, scorer_id, substr(corpus, 1, 2000), substr(images, 1, 2000), shard, version, started_at,
        finished_at, state, json_extract(counts, '$.sample'), json_extract(counts, '$.limit'),
        id = (SELECT max(id) FROM run), substr(json_extract(counts, '$.stop'), 1, 500),
        json_type(counts, '$.pictures.found_by_rule') IS NOT NULL
      FROM run WHERE \(condition)
      """
    guard let row = try Row.fetchOne(database, sql: sql, arguments: name.map { [$0] } ?? []) else {
      let known = try String.fetchAll(database, sql: "SELECT name FROM run ORDER BY id DESC LIMIT 1000")
      throw name.map { ResultsError.noSuchRun($0, known: known) } ?? .noRuns
    }
    var run = RunFacts(
      id: Int64(row.integer(0)), isLatest: row.integer(12) != 0, name: row.byteText(1) ?? "",
      corpus: row.text(3) ?? "", images: row.text(4), imageMatch: row.integer(14) != 0 ? .name : .written,
      shard: row.text(5), version: row.text(6) ?? "", startedAt: row.text(7) ?? "", finishedAt: row.text(8),
      state: row.text(9) ?? "", sample: describe(row[10]), limit: describe(row[11]), stop: describe(row[13]),
      machine: try facts(
        database, "SELECT json_remove(machine, '$.also') FROM run WHERE id = ?", Int64(row.integer(0))),
      mix: try MachineMix.words(ofRun: Int64(row.integer(0)), in: database),
      mismatches: try RunMismatches(ofRun: Int64(row.integer(0)), in: database)?.words)
    if isDistinct { try run.leaveOutReposts(database) }
    return (run, try scorer(database, id: Int64(row.integer(2))))
  }

  private static func scorer(_ database: Database, id: Int64) throws -> ScorerFacts {
    let sql =
      "SELECT model_name, model_fingerprint, precision, json_array_length(labels) FROM scorer WHERE id = ?"
    guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else {
      throw ResultsError.unreadableStore("the run's scorer is missing")
    }
    let count = row.integer(3)
    guard count <= ReportData.labelLimit else {
      throw ResultsError.tooManyLabels(count, limit: ReportData.labelLimit)
    }
    let labels = try Row.fetchAll(
      database,
      sql: "SELECT value FROM scorer, json_each(scorer.labels) WHERE scorer.id = ? ORDER BY json_each.key",
      arguments: [id])
    return ScorerFacts(
      id: id, modelName: row.text(0) ?? "", fingerprint: row.text(1) ?? "", precision: row.text(2) ?? "",
      options: try facts(database, "SELECT options FROM scorer WHERE id = ?", id),
      labels: labels.map { $0.byteText(0) ?? "" })
  }

  /// The members of a JSON object in order; long values are cut.
  private static func facts(_ database: Database, _ object: String, _ id: Int64) throws -> [Fact] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT substr(member.key, 1, 200), CASE member.type WHEN 'true' THEN 'yes' WHEN 'false' THEN 'no'
            WHEN 'array' THEN (SELECT substr(group_concat(item.value, ', '), 1, 500) FROM json_each(member.value) AS item)
            ELSE substr(member.value, 1, 500) END
        FROM json_each((\(object))) AS member LIMIT 40
        """, arguments: [id])
    return rows.map { Fact(name: describe($0[0]) ?? "", value: describe($0[1]) ?? "none") }
  }

  /// A JSON scalar in words.
  private static func describe(_ value: DatabaseValue) -> String? {
    switch value.storage {
    case .null: nil
    case .int64(let number): "\(number)"
    case .double(let number): "\(number)"
    case .string(let text): text
    case .blob: nil
    }
  }
}
