import Bytes
import Evaluation
import Foundation
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

@Suite struct ShownPostsTests {
  /// The limits of the layouts `standard` and `triage`.
  private static let standard = limits { ($0.confusedCells, $0.confusedPosts, $0.notable) = (4, 4, 12) }
  private static let triage = limits { ($0.notable, $0.pictured) = (30, 30) }

  private static func limits(_ change: (inout ReportLimits) -> Void) -> ReportLimits {
    var limits = ReportLimits()
    change(&limits)
    return limits
  }

  private func load(_ rows: [TestRow], labels: [String] = ["no", "yes"], limits: ReportLimits = standard) throws
    -> ReportData
  {
    let store = try TestStore(rows: rows, labels: labels)
    return try ReportData.load(from: try store.reader(), limits: limits)
  }

  private let rows: [TestRow] = (0..<40).map { index in
    var row = TestRow(key: "k\(index)", text: "text \(index)")
    row.truth = index % 4 == 0 ? "yes" : "no"
    row.predicted = index % 5 == 0 ? "yes" : "no"
    row.confidence = 0.5 + Double(index) / 100
    row.similarity = Double(index - 20) / 20
    return row
  }

  @Test func theLargestCellsComeFirstWithTheirSurestPosts() throws {
    let shown = try load(rows).shown
    #expect(shown.confused.map { "\($0.truth) \($0.predicted) \($0.count)" } == ["yes no 8", "no yes 6"])
    // Without vectors, similarity is unknown: the most confident posts are shown.
    #expect(shown.confused[0].posts.map(\.key) == ["k36", "k32", "k28", "k24"])
    #expect(shown.confused[1].posts.map(\.key) == ["k35", "k30", "k25", "k15"])
    // Some of the posts to review are computed again if the model is given.
    #expect(shown.furtherPairs == 0 && shown.notable.count == 12)
    // Their pictures are not shown here, so only the pictures of the two strips are loaded.
    #expect(shown.pictures.unreadable == 8 && shown.notable.allSatisfy { $0.post.picture == .hidden })
    #expect(shown.confused[0].posts.allSatisfy { $0.truth == "yes" && $0.predicted == "no" })
  }

  @Test func theOrderOfRowsDoesNotMatter() throws {
    #expect(try load(rows).shown == load(rows.reversed()).shown)
    #expect(try load(rows, limits: Self.triage).shown == load(rows.reversed(), limits: Self.triage).shown)
  }

  @Test func differentPostsAreChosenIfThereAreVectors() throws {
    let store = try TestStore(rows: rows) { database in
      // All wrong posts look alike, except one of the least confident.
      for post in 1...40 {
        let vector: [Float] = post == 5 ? [-1, 0] : [1, Float(post) / 1000]
        let bytes = vector.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) }
        try database.execute(sql: "INSERT INTO embedding VALUES (1, 'fused', ?, ?)", arguments: [post, Data(bytes)])
      }
    }
    let data = try ReportData.load(from: try store.reader(), limits: Self.standard)
    let keys = data.shown.confused[0].posts.map(\.key)
    #expect(keys.first == "k36" && keys.last == "k4", "\(keys)")
  }

  @Test func triageTakesOneOfEachKindInTurn() throws {
    let data = try load(rows, limits: Self.triage)
    let notable = data.shown.notable
    #expect(notable.count == 30)
    #expect(notable.prefix(3).map(\.reason) == [.sureMistake, .undecided, .apart])
    // The most confident mistake; the least confident post; the post with the lowest similarity, which is the same, so
    // the next one.
    #expect(notable.prefix(3).map(\.post.key) == ["k36", "k0", "k1"])
    #expect(Set(notable.map(\.post.key)).count == 30)
    #expect(data.shown.pictures.unreadable == 30)
  }

  @Test func unwantedPostsAreNotRead() throws {
    let data = try load(rows, limits: ReportLimits())
    #expect(data.shown.notable.isEmpty && data.shown.confused.isEmpty)
    #expect(
      try load(
        rows.map {
          var row = $0; row.truth = nil; return row
        }
      ).shown.confused.isEmpty)
  }

  @Test func equalScoresAndSeveralSourcesAreSorted() throws {
    var same = rows
    for index in same.indices { (same[index].confidence, same[index].similarity) = (0.5, 0.25) }
    #expect(try load(same, limits: Self.triage).shown == load(same.reversed(), limits: Self.triage).shown)
    let store = try TestStore(rows: [TestRow(key: "a", truth: "no", predicted: "yes")]) { database in
      try database.execute(sql: "INSERT INTO label VALUES (1, 'later', 'yes', '2026-02-01T00:00:00Z')")
    }
    let data = try ReportData.load(from: try store.reader(), limits: Self.standard)
    #expect(data.outcome.labelled == 1 && data.shown.confused.isEmpty)
    #expect(data.outcome.evaluation[.all]?.metrics.accuracy.value == 1)
  }

  @Test func doubtfulLabelsAreThoseOfTheQuery() throws {
    var made = rows
    for place in made.indices {
      let no = made[place].predicted == "no" ? 0.8 + Double(place) / 1000 : 0.1
      made[place].probabilities = #"{"no":\#(no),"yes":\#(1 - no)}"#
    }
    let limits = Self.limits { $0.doubtful = 3 }
    let store = try TestStore(rows: made), reader = try store.reader()
    let doubts = try #require(try ReportData.load(from: reader, limits: limits).shown.doubts)
    let expected = try DoubtfulLabels.load(from: reader)
    #expect(doubts.found == expected.found && doubts.found > 3 && doubts.labelled == expected.labelled)
    #expect(doubts.posts.map(\.post.key) == expected.rows.prefix(3).map(\.key))
    #expect(doubts.posts.map(\.given) == expected.rows.prefix(3).map(\.given))
    #expect(doubts.posts.map(\.likely) == expected.rows.prefix(3).map(\.likely))
    #expect(doubts.posts.allSatisfy { $0.probability < $0.likelyProbability })
    // Not wanted, without probabilities, and with labels that the model does not know.
    #expect(try ReportData.load(from: reader).shown.doubts == nil)
    #expect(try ReportData.load(from: TestStore.labelsAlone().reader(), limits: limits).shown.doubts == nil)
    let strange = made.map { row in
      var row = row
      row.truth = "unsure"
      return row
    }
    #expect(try load(strange, limits: limits).shown.doubts == ShownDoubts(labelled: 0, found: 0, posts: []))
  }
}
