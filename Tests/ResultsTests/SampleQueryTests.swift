import Bytes
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

@Suite struct SampleQueryTests {
  @Test func theSampleIsSpreadOverTheLabels() throws {
    let sample = try #require(
      try ReportData.load(from: try TestStore(rows: pairedRows(900, labels: ["no", "yes"])).reader()).outcome.alignment
        .sample)
    #expect(sample.items.count == SampleQuery.size)
    #expect(
      sample.items.map(\.label) == Array(repeating: "no", count: 12) + Array(repeating: "yes", count: 12))
    #expect(sample.cosines.count == 24)
  }

  @Test func theSampleDependsOnPostsNotOnTheirOrder() throws {
    let rows = pairedRows(300, labels: ["no", "yes"])
    let one = try ReportData.load(from: try TestStore(rows: rows).reader()).outcome.alignment.sample
    let two = try ReportData.load(from: try TestStore(rows: rows.reversed()).reader()).outcome.alignment.sample
    #expect(one != nil)
    #expect(one == two)
  }

  @Test func theDiagonalIsThePostsOwnPair() throws {
    let rows = [
      TestRow(key: "a", image: "1", predicted: "no", similarity: 1, vectors: ([1, 0], [2, 0])),
      TestRow(key: "b", image: "2", predicted: "yes", similarity: 0, vectors: ([0, 3], [-1, 0])),
    ]
    let sample = try #require(try ReportData.load(from: try TestStore(rows: rows).reader()).outcome.alignment.sample)
    #expect(sample.items.map(\.key) == ["a", "b"])
    #expect(sample.cosines == [[1, -1], [0, 0]])
    #expect(sample.ownFirst == 1)
    #expect(sample.ownMean == 0.5)
    #expect(sample.otherMean == -0.5)
  }

  @Test func labelsAreBytes() throws {
    let labels = ["caf\u{E9}", "cafe\u{301}"]
    let store = try TestStore(rows: pairedRows(8, labels: labels), labels: labels)
    let sample = try #require(try ReportData.load(from: try store.reader()).outcome.alignment.sample)
    #expect(Set(sample.items.map(\.label)).count == 2)
    // One of each label; if the labels counted as equal, both posts would have the first.
    #expect(sample.reduced(to: 2).items.map(\.label) == labels.map { ByteText($0) })
  }

  @Test func withoutVectorsThereIsNoSample() throws {
    let rows = pairedRows(20, labels: ["no", "yes"]).map { row in
      var row = row
      row.vectors = nil
      return row
    }
    #expect(try ReportData.load(from: try TestStore(rows: rows).reader()).outcome.alignment.sample == nil)
  }

  @Test func aBrokenVectorIsLeftOut() throws {
    let broken = try TestStore(rows: pairedRows(40, labels: ["no", "yes"]))
    try broken.write { database in
      try database.execute(sql: "UPDATE embedding SET vector = x'0102' WHERE post_id <= 10")
      try database.execute(sql: "UPDATE embedding SET vector = x'0000C07F' WHERE post_id = 11")
    }
    let sample = try #require(try ReportData.load(from: try broken.reader()).outcome.alignment.sample)
    #expect(sample.items.count >= 20)
    #expect(sample.cosines.allSatisfy { $0.allSatisfy { $0.isFinite && abs($0) <= 1 } })
  }

  @Test func placesAreDividedAmongLabels() {
    #expect(SampleQuery.spread([1000, 1000]) == [12, 12])
    #expect(SampleQuery.spread([1000, 2, 0]) == [22, 2, 0])
    #expect(SampleQuery.spread([1, 1]) == [1, 1])
    let many = SampleQuery.spread((0..<40).map { 100 + $0 })
    #expect(many == Array(repeating: 0, count: 16) + Array(repeating: 1, count: 24))
  }

  @Test func aCosineWithoutDirectionIsZero() {
    #expect(SampleQuery.cosine([0, 0], [1, 0]) == 0)
    #expect(SampleQuery.cosine([.infinity, 0], [1, 0]) == 0)
    #expect(SampleQuery.cosine([1, 1], [-1, -1]) == -1)
  }
}
