import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Testing

/// The counts of one pass over a run's predictions.
@Suite struct ChartDataTests {
  private func charts(_ rows: [TestRow], labels: [String] = ["no", "yes"], by column: String? = nil) throws -> ChartData
  {
    try ReportData.load(from: try TestStore(rows: rows, labels: labels).reader(), by: column).charts
  }

  /// Posts whose probability of "yes" is given, with their truth.
  private func scored(_ posts: [(yes: Double, truth: String?)]) -> [TestRow] {
    posts.enumerated().map { place, post in
      TestRow(
        key: "\(place)", truth: post.truth, predicted: post.yes > 0.5 ? "yes" : "no",
        confidence: max(post.yes, 1 - post.yes),
        probabilities: #"{"no":\#(1 - post.yes),"yes":\#(post.yes)}"#)
    }
  }

  @Test func confidencesAreCountedRightAndWrong() throws {
    let profile = try charts(mixedRows).confidence
    #expect(profile.right.reduce(0, +) == 4 && profile.wrong.reduce(0, +) == 3 && profile.unlabelled.reduce(0, +) == 1)
    // 0.75 is in the bin that it ends, and so is 0.5.
    #expect(profile.right[14] == 3 && profile.right[9] == 1)
    #expect(profile.reliability.total == 7)
  }

  @Test func twoLabelsHaveACurveEach() throws {
    let rows = scored([(0.9, "yes"), (0.8, "no"), (0.6, "yes"), (0.4, "no"), (0.3, nil), (0.2, "unsure")])
    let curves = try charts(rows).curves
    #expect(curves.map(\.label) == ["no", "yes"])
    let curve = try #require(curves.last?.curve)
    #expect(curve.positives == 2 && curve.negatives == 3)
    let expected = RankingMetrics(
      scores: [0.9, 0.8, 0.6, 0.4, 0.2], isLabel: [true, false, true, false, false])
    #expect(abs(curve.areaUnderROC.value - expected.areaUnderROC.value) < 1e-12)
    #expect(abs(curve.averagePrecision.value - expected.averagePrecision.value) < 1e-12)
  }

  @Test func onlyTheMostFrequentLabelsHaveCurves() throws {
    let labels = (0..<9).map { "label \($0)" }
    let rows = (0..<90).map { place in
      // Labels with larger numbers are more frequent.
      let truth = labels[(0..<9).last { $0 * $0 <= place } ?? 0]
      let json = labels.map { "\"\($0)\":\($0 == truth ? 0.2 : 0.1)" }.joined(separator: ",")
      return TestRow(key: "\(place)", truth: truth, predicted: truth, probabilities: "{\(json)}")
    }
    let curves = try charts(rows, labels: labels).curves
    #expect(curves.map(\.label.text) == Array(labels.suffix(6)))
    #expect(curves.allSatisfy { $0.curve.areaUnderROC.value == 1 && $0.curve.positives + $0.curve.negatives == 90 })
  }

  @Test func postsWithoutProbabilitiesHaveNoCurve() throws {
    #expect(try charts(mixedRows).curves.isEmpty)
    #expect(try charts(scored([(0.9, nil)])).curves.isEmpty)
  }

  @Test func slicesAreGroupedByAColumn() throws {
    var rows = mixedRows
    for place in rows.indices { rows[place].extra = #"{"lang":"\#(place < 3 ? "de" : "en")","é\"":"x"}"# }
    rows[7].extra = "{}"
    let table = try #require(try charts(rows, by: "lang").slices)
    #expect(table.slices.map(\.value) == ["en", "de", nil] && table.slices.map(\.posts) == [4, 3, 1])
    #expect(table.slices.map(\.matrix.total) == [3, 3, 1])
    #expect(table.slices[1].matrix.counts == [[1, 1], [0, 1]])
    #expect(table.slices[2].matrix.rows == ["no", "yes", "unsure"])
    #expect(try charts(rows, by: "state").slices?.slices.map(\.value) == ["scored", "without_picture"])
  }

  @Test func valuesAndLabelsAreBytes() throws {
    let (one, two) = ("caf\u{E9}", "cafe\u{301}")
    let rows = [(one, one), (one, two), (two, two)].map { value, label in
      TestRow(
        key: value + label, truth: one, predicted: label, probabilities: #"{"\#(one)":0.5,"\#(two)":0.25}"#,
        extra: #"{"place":"\#(value)"}"#)
    }
    let charts = try charts(rows, labels: [one, two], by: "place"), slices = charts.slices?.slices ?? []
    #expect(slices.map(\.value) == [ByteText(one), ByteText(two)] && slices.map(\.posts) == [2, 1])
    #expect(slices.map(\.matrix.counts) == [[[1, 1], [0, 0]], [[0, 1], [0, 0]]])
    #expect(charts.curves.map(\.label) == [ByteText(one)])
    let reader = try TestStore(rows: rows, labels: [one, two]).reader()
    let ofTwo = try ReportData.load(from: reader, positive: two).outcome.evaluation[.all]?.metrics.binary
    #expect(ofTwo?.label == ByteText(two) && ofTwo?.predicted == 2)
  }

  @Test func datesGroupByMonthAndDay() throws {
    var rows = mixedRows
    for place in rows.indices { rows[place].posted = "2026-0\(1 + place % 2)-1\(place % 3)T10:00:00Z" }
    #expect(try charts(rows, by: "month").slices?.slices.map(\.value) == ["2026-01", "2026-02"])
    #expect(try charts(rows, by: "day").slices?.slices.count == 6)
    #expect(try charts(mixedRows, by: "day").slices?.slices.map(\.value) == [nil])
  }

  @Test func manyValuesArePooled() throws {
    let rows = (0..<100).map { place in
      var row = TestRow(key: "\(place)", truth: "no", predicted: "no")
      row.extra = #"{"user":"u\#(place < 50 ? 0 : place)"}"#
      return row
    }
    let slices = try #require(try charts(rows, by: "user").slices?.slices)
    #expect(slices.count == SliceTable.limit + 1 && slices[0].posts == 50 && slices[0].value == "u0")
    #expect(slices.last?.pooled == 21 && slices.reduce(0) { $0 + $1.posts } == 100)
  }

  @Test func anUnknownColumnIsAnError() throws {
    var rows = mixedRows
    rows[0].extra = #"{"lang":"de","$odd":"1"}"#
    let store = try TestStore(rows: rows)
    #expect(throws: ResultsError.noSuchColumn("land", known: ["lang", "$odd"] + ReportData.sliceColumns)) {
      try ReportData.load(from: try store.reader(), by: "land")
    }
    #expect(ResultsError.noSuchColumn("land", known: ["lang"]).description.contains("did you mean \"lang\"?"))
    #expect(try ReportData.load(from: try store.reader(), by: "$odd").charts.slices?.slices.map(\.value) == ["1", nil])
  }

  @Test func vectorsGiveRanksAndAMap() throws {
    let rows = pairedRows(60, labels: ["no", "yes"])
    let store = try TestStore(rows: rows)
    try store.write {
      try $0.execute(
        sql: "INSERT INTO embedding SELECT 1, 'fused', post_id, vector FROM embedding WHERE space = 'text'")
    }
    let charts = try ReportData.load(from: try store.reader()).charts
    #expect(charts.pairs?.posts == 60 && (charts.pairs?.found(within: 1) ?? 0) > 20)
    let map = try #require(charts.map)
    #expect(map.posts.count == 60 && map.width == 8 && map.shares.count == 2)
    #expect(map.posts.count { $0.isWrong == true } == rows.count { $0.truth != $0.predicted })
    // Neither the order nor the row ids of posts matter.
    let other = try TestStore(rows: Array(rows.reversed()))
    try other.write {
      try $0.execute(
        sql: "INSERT INTO embedding SELECT 1, 'fused', post_id, vector FROM embedding WHERE space = 'text'")
    }
    let turned = try ReportData.load(from: try other.reader()).charts
    #expect(turned.pairs == charts.pairs && turned.map == charts.map)
  }

  @Test func withoutVectorsThereAreNeither() throws {
    let charts = try charts(mixedRows)
    #expect(charts.pairs == nil && charts.map == nil && charts.slices == nil && charts.comparison == nil)
  }

  @Test func aVectorOfAnotherKindIsSkipped() throws {
    let store = try TestStore(rows: pairedRows(8, labels: ["no", "yes"]))
    try store.write { database in
      try database.execute(sql: "UPDATE embedding SET vector = x'0000807F' WHERE post_id = 1")
      try database.execute(sql: "UPDATE embedding SET vector = x'00' WHERE post_id = 2")
    }
    #expect(try ReportData.load(from: try store.reader()).charts.pairs?.posts == 6)
  }
}
