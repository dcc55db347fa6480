import Bytes
import GRDB
import Results
import ResultsFixtures
import Testing

@Suite struct RunPredictionsTests {
  @Test func predictionsAreOfPostsThatEveryRunScored() throws {
    let store = try TestStore()
    try store.write { database in
      for id in 1...2 {
        try database.insertScorer(id: id, labels: ["no", "yes"])
        try database.insertRun(
          id: id, name: "run \(id)", scorer: id, files: ["posts.csv": 4], finished: "2026-01-3\(id - 1)T12:00:00Z")
      }
      try database.insert(
        [
          TestRow(key: "a", truth: "yes"), TestRow(key: "b", truth: "no", predicted: "yes"), TestRow(key: "c"),
          TestRow(key: "d", truth: "no"),
        ])
      // The second run scored the first two of these posts; the third has no truth.
      for post in 1...3 {
        try database.execute(
          sql: "INSERT INTO entry VALUES (2, 'posts.csv', ?1, ?1 + 1, 'x', ?1, 'scored')", arguments: [post])
        try database.execute(
          sql: "INSERT INTO prediction VALUES (2, ?, 'yes', 0.5, '{}', NULL, 0, 0)", arguments: [post])
      }
    }
    let reader = try store.reader()
    let predictions = try RunPredictions.load(from: reader, runs: ["run 2", "run 1"])
    #expect(predictions.truths == ["yes", "no"] && predictions.labels == ["no", "yes"])
    #expect(predictions.predicted == [["yes", "yes"], ["no", "yes"]])
    #expect(predictions.notShared == 1 && predictions.finishedAt == "2026-01-31T12:00:00Z")
    #expect(throws: ResultsError.noSuchRun("run 3", known: ["run 2", "run 1"])) {
      try RunPredictions.load(from: reader, runs: ["run 3"])
    }
  }

  @Test func labelsAreBytes() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["caf\u{E9}", "cafe\u{301}"])
      try database.insertRun(files: ["posts.csv": 1])
      try database.insert([TestRow(key: "a", truth: "caf\u{E9}", predicted: "cafe\u{301}")])
    }
    let predictions = try RunPredictions.load(from: try store.reader(), runs: ["posts"])
    #expect(predictions.truths != predictions.predicted[0] && predictions.truths == [predictions.labels[0]])
  }

  @Test func withoutATruthThereIsNothingToCompare() throws {
    let store = try TestStore(rows: [TestRow(key: "a")], labels: ["no"])
    #expect(throws: ResultsError.noTruth(run: "posts", posts: 1)) {
      try RunPredictions.load(from: try store.reader(), runs: ["posts"])
    }
  }
}
