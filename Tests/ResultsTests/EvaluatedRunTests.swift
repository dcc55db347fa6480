import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Testing

@Suite struct EvaluatedRunTests {
  @Test func postsWithATrueLabelAreGrouped() throws {
    let run = try EvaluatedRun.load(from: try TestStore(rows: mixedRows).reader())
    #expect(run.scored == 8 && run.posts.count == 7 && run.isFinished)
    #expect(run.slices.map(\.name) == ["all", "both_sides", "without_picture"] && run.wholeSlice == nil)
    #expect(run.slices.map(\.posts.count) == [7, 4, 2])
    #expect(run.sources.map(\.name) == ["corpus"] && run.sources.map(\.posts) == [7])
  }

  @Test func theNamedSourceGivesTheTruth() throws {
    let store = try TestStore(rows: mixedRows)
    try store.write {
      try $0.execute(sql: "INSERT INTO label VALUES (1, 'a second hand', 'yes', '2026-02-01T00:00:00Z')")
    }
    let reader = try store.reader()
    /// The number of posts, and of those that are right.
    func counts(_ truth: String?) throws -> [Int] {
      let posts = try EvaluatedRun.load(from: reader, truth: truth).posts
      return [posts.count, zip(posts.truths, posts.predicted).count { $0 == $1 }]
    }
    // Four are right; the later label of post 1 makes that one wrong.
    #expect(try [counts("corpus"), counts(nil), counts("a second hand")] == [[7, 4], [7, 3], [1, 0]])
  }

  @Test func aPostWithoutATextIsNoPair() throws {
    var rows = pairedRows(40, labels: ["no", "yes"])
    for place in 0..<10 { rows[place].text = "" }
    let reader = try TestStore(rows: rows).reader()
    #expect(try EvaluatedRun.load(from: reader).retrieval?.posts == 30)
    let data = try ReportData.load(from: reader)
    #expect(data.charts.pairs?.posts == 30 && data.outcome.alignment.overall.count == 30)
    let mute = Set((0..<10).map { "post-\($0)" })
    let sample = try #require(data.outcome.alignment.sample)
    #expect(sample.items.count == 24 && !sample.items.contains { mute.contains($0.key) })
  }

  @Test func labelsValuesAndSourcesAreBytes() throws {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    let rows = [(one, one), (one, two), (two, two)].map { value, label in
      TestRow(key: value + label, truth: one, predicted: label, extra: #"{"place":"\#(value)"}"#)
    }
    let store = try TestStore(rows: rows)
    try store.write { database in
      try database.execute(sql: "UPDATE scorer SET labels = json_array(?, ?)", arguments: [one, two])
      try database.execute(sql: "UPDATE label SET source = ? WHERE post_id = 1", arguments: [one])
    }
    let reader = try store.reader(), run = try EvaluatedRun.load(from: reader, by: "place")
    #expect(run.posts.labels == [ByteText(one), ByteText(two)])
    #expect(run.posts.truths == [0, 0, 0] && run.posts.predicted == [0, 1, 1])
    #expect(run.byColumn.map(\.posts) == [[0, 1], [2]])
    #expect(throws: ResultsError.noSuchSource(two, known: [one, "corpus"])) {
      try EvaluatedRun.load(from: reader, truth: two)
    }
  }

  @Test func theCommonestValuesOfAColumnComeFirst() throws {
    let languages: [String?] = ["de", "en", "en", " ", nil, "en", "de"]
    let rows = languages.enumerated().map { place, language in
      TestRow(
        key: "k\(place)", text: "text \(place)", truth: "no",
        extra: language.map { #"{"lang":"\#($0)"}"# } ?? "{}")
    }
    let run = try EvaluatedRun.load(from: try TestStore(rows: rows).reader(), by: "lang")
    #expect(run.byColumn.map(\.name) == ["lang=en", "lang=de", "lang (no value)"])
    #expect(run.byColumn.map(\.posts) == [[1, 2, 5], [0, 6], [3, 4]])
  }

  @Test func alignmentIsThatOfTheReport() throws {
    let reader = try TestStore(rows: pairedRows(120, labels: ["no", "yes"])).reader()
    let retrieval = try #require(try EvaluatedRun.load(from: reader).retrieval)
    #expect(retrieval.posts == 120 && retrieval.area.low > 0.5 && retrieval.first.map(\.pictures) == [100])
    #expect(try ReportData.load(from: reader).charts.pairs?.retrieval == retrieval)
  }

  @Test func withoutVectorsThereIsNoAlignment() throws {
    #expect(try EvaluatedRun.load(from: try TestStore(rows: mixedRows).reader()).retrieval == nil)
  }
}
