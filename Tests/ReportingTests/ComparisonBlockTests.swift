import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

/// Pages on two runs.
@Suite struct ComparisonBlockTests {
  @Test func aDifferenceIsWordedFromTheDrawnNumbers() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(id: 1, labels: ["no", "yes"])
      try database.insertScorer(id: 2, labels: ["no", "yes"])
      for (run, name) in [(1, "old"), (2, "new")] {
        try database.insertRun(id: run, name: name, scorer: run, files: ["posts.csv": 60])
      }
      try database.insert(
        (0..<60).map { TestRow(key: "p\($0)", text: "text \($0)", truth: $0 % 2 == 0 ? "no" : "yes", predicted: "no") })
      for post in 1...60 {
        try database.execute(
          sql: "INSERT INTO entry VALUES (2, 'posts.csv', ?1, ?1, 'x', ?1, 'scored')", arguments: [post])
        try database.execute(
          sql: "INSERT INTO prediction VALUES (2, ?, ?, 0.5, '{}', NULL, 0, 0)",
          arguments: [post, post % 2 == 1 ? "no" : "yes"])
      }
    }
    let reader = try store.reader()
    let better = try ReportData.load(
      from: reader, run: "new", against: try ComparedRun.load(from: reader, run: "old"))
    let sentence = try #require(Conclusions(better).opening().first?.sentence)
    #expect(sentence.hasPrefix("“new” is right more often than “old”, by 50.0 points (95 % interval "), "\(sentence)")
    #expect(sentence.contains("over 60 posts"), "\(sentence)")
  }

  @Test func noPostInCommonIsSaid() throws {
    let store = try TestStore.twoRuns()
    try store.write { try $0.execute(sql: "DELETE FROM entry WHERE run_id = 2 AND post_id < 99") }
    let reader = try store.reader()
    let data = try ReportData.load(
      from: reader, run: "one", against: try ComparedRun.load(from: reader, run: "two"))
    #expect(
      Conclusion.nothingInCommon(own: "one", other: "two", sameKeys: 7).sentence.hasSuffix(
        "7 posts share only their keys; pair posts by key to compare those."))
    let report = Report(data: data, layout: try ReportLayout.named("compare"))
    #expect(try !report.pdf().isEmpty)
  }
}
