import Bytes
import Evaluation
import GRDB
import Queries
import Results
import ResultsFixtures
import Store
import Testing

/// Figures of one post of each group of reposts.
@Suite struct DistinctResultsTests {
  /// Eight posts. Those of the keys 1, 2 and 3 are one group, whose original is 3; those of 4 and 5 another; 8 has none.
  private static func store() throws -> TestStore {
    let rows = (1...8).map { number in
      TestRow(
        key: "\(number)", text: "text \(number)", truth: number % 2 == 0 ? "yes" : "no",
        predicted: number < 4 ? "yes" : "no", confidence: 0.9, similarity: 0.5)
    }
    return try TestStore(rows: rows) { db in
      try db.execute(
        sql: """
          UPDATE post SET repost_group = CASE WHEN id <= 3 THEN 'a' WHEN id <= 5 THEN 'b' ELSE 'c' || id END,
            is_repost = id <= 2 WHERE id < 8
          """)
    }
  }

  @Test func anEvaluationTakesOneOfEach() throws {
    let reader = try Self.store().reader()
    let all = try EvaluatedRun.load(from: reader)
    #expect(all.scored == 8 && all.posts.count == 8 && all.reposts == nil)
    let distinct = try EvaluatedRun.load(from: reader, isDistinct: true)
    #expect(distinct.scored == 5 && distinct.sources.map(\.posts) == [5])
    #expect(distinct.reposts == RunReposts([8, 5, 5, 2, 1]))
    #expect(distinct.reposts?.notice?.contains("1 of 8 posts") == true)
    // Keys 3, 4, 6, 7 and 8.
    #expect(distinct.posts.truths.map { distinct.posts.labels[Int($0)] } == ["no", "yes", "yes", "no", "yes"])
  }

  @Test func aReportTakesOneOfEach() throws {
    let reader = try Self.store().reader()
    let all = try ReportData.load(from: reader)
    #expect(all.outcome.posts == 8 && all.run.distinctPosts == nil)
    let distinct = try ReportData.load(from: reader, isDistinct: true)
    #expect(distinct.outcome.posts == 5 && distinct.outcome.labelled == 5)
    #expect(distinct.run.distinctPosts?.counted == 5 && distinct.run.distinctPosts?.all == 8)
    // Rows are rows.
    #expect(distinct.ledger == all.ledger)
    // The same accuracy as an evaluation's.
    let evaluated = try EvaluatedRun.load(from: reader, isDistinct: true).posts
    let right = zip(evaluated.truths, evaluated.predicted).count { $0 == $1 }
    #expect(distinct.outcome.evaluation[.all]?.metrics.accuracy.value == Double(right) / 5)
  }

  @Test func bothRunsOfAComparisonTakeOneOfEach() throws {
    let store = try TestStore.twoRuns()
    try store.write {
      try $0.execute(sql: "UPDATE post SET repost_group = iif(id <= 4, 'a', 'b' || id), is_repost = 0")
    }
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: "two", isDistinct: true)
    let comparison = try #require(
      try ReportData.load(from: reader, run: "one", against: other, isDistinct: true).charts.comparison)
    #expect(comparison.common == 4 && comparison.ownOnly == 1 && comparison.otherOnly == 1)
  }

  @Test func aStoreOfAnEarlierVersionHasNoGroups() throws {
    let store = try Self.store()
    try store.write {
      try $0.execute(
        sql: """
          DROP VIEW distinct_post; ALTER TABLE post DROP COLUMN repost_group; ALTER TABLE post DROP COLUMN is_repost;
          PRAGMA user_version = \(StoreSchema.version - 4)
          """)
    }
    let reader = try store.reader()
    #expect(throws: ResultsError.noRepostGroups) { try EvaluatedRun.load(from: reader, isDistinct: true) }
    #expect(throws: ResultsError.noRepostGroups) { try ReportData.load(from: reader, isDistinct: true) }
    #expect(try EvaluatedRun.load(from: reader).scored == 8)
  }
}
