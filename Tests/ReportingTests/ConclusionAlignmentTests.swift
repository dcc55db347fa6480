import Evaluation
import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

/// A report's sentences on texts and their pictures.
@Suite struct ConclusionAlignmentTests {
  private func closer(_ value: Double, _ low: Double, _ high: Double) -> String {
    Conclusion.closer(.init(value: value, low: low, high: high, count: 600)).sentence
  }

  @Test func closerGivesTheShareAndItsInterval() {
    #expect(
      closer(0.97, 0.961, 0.9784)
        == "A text is closer to its own picture than to another picture in 97.0 % of cases (95 %: 96.1–97.8 %; chance 50 %; "
        + "600 posts).")
    #expect(
      closer(0.51, 0.48, 0.54)
        == "A text is no closer to its own picture than to another: 51.0 % of cases (95 %: 48.0–54.0 %; chance 50 %; 600 "
        + "posts).")
    #expect(
      closer(0.4, 0.37, 0.44)
        == "A text is farther from its own picture than from another picture in 60.0 % of cases (95 %: 56.0–63.0 %; chance "
        + "50 %; 600 posts).")
  }

  @Test func anIntervalThatTouchesChanceIsNoFinding() {
    #expect(closer(0.52, 0.5, 0.54).hasPrefix("A text is no closer to"))
    #expect(closer(0.52, 0.5001, 0.54).hasPrefix("A text is closer to"))
    #expect(closer(0.48, 0.46, 0.5).hasPrefix("A text is no closer to"))
    #expect(closer(0.48, 0.46, 0.4999).hasPrefix("A text is farther from"))
  }

  private func first(_ posts: Int, own: Float) throws -> String {
    let retrieval = try #require(
      PairRetrieval(posts: posts) { text in (0..<posts).map { $0 == text ? own : 0 } })
    return Conclusion.firstOf(try #require(retrieval.first.first)).sentence
  }

  @Test func theOwnPictureIsComparedWithChance() throws {
    #expect(
      try first(600, own: 1)
        == "In 100.0 % of cases (95 %: 99.4–100.0 %; chance 1 %; 600 posts), a text's own picture comes first of 100.")
    // Wilson's interval of 0 of 200 includes 1 %, that of 0 of 600 does not.
    #expect(
      try first(200, own: 0)
        == "A text's own picture comes first of 100 no more often than by chance: in 0.0 % of cases (95 %: 0.0–1.9 %; chance "
        + "1 %; 200 posts).")
    #expect(
      try first(600, own: 0)
        == "A text's own picture comes first of 100 less often than by chance: in 0.0 % of cases (95 %: 0.0–0.6 %; chance 1 "
        + "%; 600 posts).")
  }

  @Test func fewerPicturesAreNamed() throws {
    #expect(
      try first(37, own: 1)
        == "In 100.0 % of cases (95 %: 90.6–100.0 %; chance 2.7 %; 37 posts), a text's own picture comes first of 37.")
  }

  /// Both signs of some axes, repeated.
  private func spread(_ count: Int, axes: Int) -> [[Float]] {
    (0..<count).map { place in
      (0..<8).map { $0 == place / 2 % axes ? (place.isMultiple(of: 2) ? 1 : -1) : 0 }
    }
  }

  @Test func aCollapseHasItsFiguresAndAdvice() {
    let same = Array(repeating: [Float](repeating: 1, count: 8), count: 48)
    let both = Conclusion.collapsed(SpaceGeometry(texts: same, pictures: spread(48, axes: 1))).sentence
    #expect(
      both.hasPrefix(
        "The shared space has collapsed: the vectors of texts are almost all alike (mean cosine of two texts 1.000, over 48; "
          + "more than 0.9 is too much), and the vectors of pictures vary in too few directions (effective rank 1.0 of 8 "
          + "dimensions, over 48; less than 2.0 is too little). "))
    #expect(both.contains("Train again with another temperature"))
    let one = Conclusion.collapsed(SpaceGeometry(texts: spread(48, axes: 3), pictures: same)).sentence
    #expect(one.hasPrefix("The shared space has collapsed: the vectors of pictures are almost all alike"))
  }

  private func data(_ rows: [TestRow]) throws -> ReportData {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"])
      try database.insertRun(files: ["posts.csv": rows.count])
      try database.insert(rows)
    }
    return try ReportData.load(from: try store.reader())
  }

  /// The pieces of a page with one section, after a first page.
  private func page(_ data: ReportData, _ section: String) throws -> [Piece] {
    let json = #"{"title":"T","pages":[{"title":"A","blocks":["run"]},{"title":"B","blocks":["\#(section)"]}]}"#
    let pages = Report(data: data, layout: try ReportLayout(json: Array(json.utf8))).pages(try Typesetter())
    return try #require(pages.first { $0.begins.contains("B") }).pieces.map(\.piece)
  }

  @Test(arguments: ["alignment", "similarity", "density", "retrieval", "sample"])
  func aPageOnAlignmentBeginsWithTheFinding(_ section: String) throws {
    let data = try data(pairedRows(90, labels: ["no", "yes"]))
    #expect(
      try #require(Conclusions(data).closer).sentence.hasPrefix(
        "A text is closer to its own picture than to another picture in "))
    let pieces = try page(data, section)
    // The title, the sentence, and then the section's heading.
    #expect(pieces[0].words == nil && pieces[1].words == .note && pieces[2].heading != nil)
    #expect(try page(data, "shares")[1].heading != nil)
    #expect(Conclusions(data).collapsed == nil)
  }

  @Test func aCollapsedSpaceGivesAWarning() throws {
    var rows = pairedRows(90, labels: ["no", "yes"])
    for place in rows.indices { rows[place].vectors?.image = [Float](repeating: 0.5, count: 8) }
    let data = try data(rows)
    #expect(
      Conclusions(data).closer?.sentence.hasPrefix("A text is no closer to its own picture than to another") == true)
    let sentence = try #require(Conclusions(data).collapsed).sentence
    #expect(try page(data, "density").contains { $0.words == .remark(sentence) })
    #expect(try !page(data, "shares").contains { $0.words == .remark(sentence) })
  }

  @Test func withoutVectorsThereIsNoConclusion() throws {
    let data = try data(mixedRows)
    #expect(Conclusions(data).closer == nil && Conclusions(data).ownFirst == nil && Conclusions(data).collapsed == nil)
    #expect(try page(data, "similarity")[1].heading != nil)
  }
}
