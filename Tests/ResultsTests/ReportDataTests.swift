import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

@Suite struct ReportDataTests {
  @Test func theLedgerAddsUp() throws {
    let data = try ReportData.load(from: try TestStore(rows: mixedRows).reader())
    #expect(data.ledger.addsUp)
    let total = data.ledger.total
    #expect(
      [total.read, total.scored, total.withoutPicture, total.faulted, total.duplicate] == [11, 6, 2, 3, 0])
  }

  @Test func aLedgerThatDoesNotAddUpIsReported() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write { try $0.execute(sql: "DELETE FROM entry WHERE record = 3") }
    let ledger = try ReportData.load(from: try store.reader()).ledger
    #expect(!ledger.addsUp)
    #expect(ledger.total.accounted == 10)
  }

  @Test func aRunOfSeveralMachinesSaysSo() throws {
    let store = try TestStore(rows: mixedRows)
    #expect(try ReportData.load(from: try store.reader()).run.mix == nil)
    try store.write {
      try $0.execute(
        sql: """
          UPDATE run SET machine = '{"processor":"one","instruction_set":"avx2","also":[
            {"processor":"two","instruction_set":"avx2"}]}'
          """)
    }
    let run = try ReportData.load(from: try store.reader()).run
    #expect(run.mix == "processors one and two")
    #expect(run.machine.map(\.name) == ["processor", "instruction_set"])
  }

  @Test func mismatchesWithTrainingAreFactsOfTheRun() throws {
    let store = try TestStore(rows: mixedRows)
    #expect(try ReportData.load(from: try store.reader()).run.mismatches == nil)
    for (json, words) in [
      ("[]", []), (#"[{"subject":"knowledge","words":"no knowledge"},{"words":7},3]"#, ["no knowledge"]),
    ] {
      try store.write { try $0.execute(sql: "UPDATE run SET mismatches = ?", arguments: [json]) }
      #expect(try ReportData.load(from: try store.reader()).run.mismatches == words)
    }
  }

  @Test func manyFilesArePooled() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"])
      try database.insertRun(files: Dictionary(uniqueKeysWithValues: (1...30).map { ("\($0).csv", 0) }))
    }
    let ledger = try ReportData.load(from: try store.reader()).ledger
    #expect(ledger.files.count == 13)
    #expect(ledger.files.last?.name == "18 more files")
  }

  @Test func faultsAreCountedByCode() throws {
    let faults = try ReportData.load(from: try TestStore(rows: mixedRows).reader()).faults
    #expect(faults.groups.map(\.code) == ["missing", "truncated"])
    #expect(faults.groups.map(\.count) == [2, 1])
    #expect(faults.groups[0].examples.map(\.line) == [10, 11])
    #expect(faults.total == 3)
  }

  @Test func aCodeHasFiveExamplesAtMost() throws {
    let rows = (1...40).map { TestRow(key: "\($0)", fault: $0 % 10 == 0 ? "corrupt" : "missing") }
    let store = try TestStore(rows: rows)
    let groups = try ReportData.load(from: try store.reader()).faults.groups
    #expect(groups.map(\.count) == [36, 4])
    #expect(groups.map(\.examples.count) == [5, 4])
    #expect(groups[1].examples.map(\.line) == [11, 21, 31, 41])
  }

  @Test func slicesAreCountedSeparately() throws {
    let outcome = try ReportData.load(from: try TestStore(rows: mixedRows).reader()).outcome
    #expect(outcome.posts == 8)
    #expect(outcome.sliceCounts == [.all: 8, .bothSides: 5, .withoutPicture: 2])
    #expect(outcome.withoutText == 1)
    #expect(outcome.labelled == 7)
    let all = try #require(outcome.evaluation[.all])
    #expect(all.matrix.rows == ["no", "yes", "unsure"])
    #expect(all.matrix.counts == [[2, 1], [1, 2], [0, 1]])
    #expect(outcome.evaluation[.bothSides]?.matrix.counts == [[1, 1], [0, 1], [0, 1]])
    #expect(outcome.evaluation[.withoutPicture]?.matrix.counts == [[0, 0], [1, 1]])
    #expect(all.metrics.binary?.label == "yes")
  }

  @Test func sharesAndConfidenceAreByLabel() throws {
    let shares = try ReportData.load(from: try TestStore(rows: mixedRows).reader()).outcome.shares
    #expect(shares.map(\.count) == [3, 5])
    #expect(shares.map(\.meanConfidence) == [0.75, 0.7])
  }

  @Test func similarityIsAveragedByTruthAndPrediction() throws {
    let alignment = try ReportData.load(from: try TestStore(rows: mixedRows).reader()).outcome.alignment
    #expect(alignment.overall.count == 5)
    #expect(alignment.overall.sum == 2.25)
    #expect(alignment.truths == ["no", "yes", "unsure"])
    #expect(alignment.byTruth[0].map(\.value) == [0.5, -0.25])
    #expect(alignment.byTruth[1].map(\.value) == [nil, 0.75])
    #expect(alignment.byTruth[2].map(\.count) == [0, 1])
    #expect(alignment.byPredicted.map(\.count) == [1, 4])
    #expect(alignment.histogram.reduce(0, +) == 5)
    #expect(alignment.histogram[39] == 1)
    #expect(alignment.histogram[15] == 1)
    #expect(alignment.sample == nil)
  }

  @Test func theLatestLabelIsTheTruth() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write {
      try $0.execute(sql: "INSERT INTO label VALUES (1, 'second hand', 'yes', '2026-02-01T00:00:00Z')")
      try $0.execute(sql: "INSERT INTO label VALUES (2, 'an earlier hand', 'yes', '2025-01-01T00:00:00Z')")
    }
    let matrix = try ReportData.load(from: try store.reader()).outcome.evaluation[.all]?.matrix
    #expect(matrix?.counts == [[1, 1], [2, 2], [0, 1]])
  }

  @Test func aRunIsFoundByNameOrIsTheLatest() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write { try $0.insertRun(id: 2, name: "later", files: [:]) }
    #expect(try ReportData.load(from: try store.reader()).run.name == "later")
    let earlier = try ReportData.load(from: try store.reader(), run: "posts")
    #expect(earlier.run.name == "posts")
    #expect(!earlier.run.isLatest)
    #expect(throws: ResultsError.noSuchRun("other", known: ["later", "posts"])) {
      try ReportData.load(from: try store.reader(), run: "other")
    }
  }

  @Test func theNameOfARunIsItsBytes() throws {
    let store = try TestStore(rows: mixedRows), (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    try store.write {
      try $0.insertRun(id: 2, name: one.text, files: [:])
      try $0.insertRun(id: 3, name: two.text, files: [:])
    }
    let reader = try store.reader(), other = try ComparedRun.find(two.text, from: reader)
    let data = try ReportData.load(from: reader, run: one.text, against: other)
    #expect(data.run.name == one && data.charts.comparison?.name == two && data.run.name != two)
  }

  @Test func aStoreWithoutRunsIsRejected() throws {
    let store = try TestStore()
    #expect(throws: ResultsError.noRuns) { try ReportData.load(from: try store.reader()) }
  }

  @Test func anEvaluationNeedsTruth() throws {
    let store = try TestStore(rows: mixedRows)
    #expect(try EvaluatedRun.load(from: try store.reader()).run == "posts")
    #expect(throws: ResultsError.noSuchSource("nobody", known: ["corpus"])) {
      try EvaluatedRun.load(from: try store.reader(), truth: "nobody")
    }
    #expect(throws: ResultsError.noSuchLabel("yess", known: ["no", "yes", "unsure"])) {
      try ReportData.load(from: try store.reader(), positive: "yess")
    }
    try store.write { try $0.execute(sql: "DELETE FROM label") }
    #expect(throws: ResultsError.noTruth(run: "posts", posts: 8)) {
      try EvaluatedRun.load(from: try store.reader())
    }
  }

  @Test func aPredictionOfAnotherNameIsKept() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write { try $0.execute(sql: "UPDATE prediction SET label = 'maybe' WHERE post_id = 1") }
    let outcome = try ReportData.load(from: try store.reader()).outcome
    #expect(outcome.labels == ["no", "yes", "maybe"])
    #expect(outcome.shares.map(\.count).reduce(0, +) == outcome.posts)
  }

  @Test func labelsAreBytes() throws {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    let store = try TestStore(
      rows: [
        TestRow(key: "1", truth: one, predicted: one), TestRow(key: "2", truth: one, predicted: two),
      ], labels: [one, two])
    let matrix = try ReportData.load(from: try store.reader()).outcome.evaluation[.all]?.matrix
    #expect(matrix?.counts == [[1, 1], [0, 0]])
  }

  @Test func veryManyTruthsArePooled() throws {
    let store = try TestStore(
      rows: (0..<300).map { TestRow(key: "\($0)", truth: "truth \($0)", predicted: "no") })
    let outcome = try ReportData.load(from: try store.reader()).outcome
    #expect(outcome.pooledTruths == 200)
    #expect(outcome.labelled == 300)
    #expect(outcome.evaluation[.all]?.matrix.rows.count == 103)
    #expect(outcome.evaluation[.all]?.matrix.total == 300)
  }
}
