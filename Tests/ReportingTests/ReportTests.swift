import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

@Suite struct ReportTests {
  private func data(
    _ rows: [TestRow], labels: [String], name: String = "posts", finished: String? = "2026-01-31T12:00:00Z",
    by column: String? = nil
  ) throws -> ReportData {
    let store = try TestStore(rows: rows, labels: labels, run: name, finished: finished) { database in
      // The input of the head; here it depends on the text.
      try database.execute(
        sql: "INSERT INTO embedding SELECT 1, 'fused', post_id, vector FROM embedding WHERE space = 'text'")
    }
    return try ReportData.load(from: try store.reader(), by: column)
  }

  private func report(_ data: ReportData) throws -> Report {
    Report(data: data, layout: try ReportLayout.named("standard"))
  }

  /// The pieces of every page are inside the page, one below the other.
  private func expectOrder(_ report: Report, sourceLocation: SourceLocation = #_sourceLocation) throws {
    for page in report.pages(try Typesetter()) {
      #expect(!page.pieces.isEmpty, sourceLocation: sourceLocation)
      var bottom = PageFormat.body.y
      for placed in page.pieces {
        #expect(placed.rect.y >= bottom - 0.001, sourceLocation: sourceLocation)
        #expect(placed.rect.height >= 0, sourceLocation: sourceLocation)
        bottom = placed.rect.maxY
      }
      #expect(bottom <= PageFormat.body.maxY + 0.001, sourceLocation: sourceLocation)
    }
  }

  @Test func theStandardReportHasFourParts() throws {
    let report = try report(try data(mixedRows, labels: ["no", "yes"]))
    let pages = report.pages(try Typesetter())
    #expect(pages.flatMap(\.begins) == report.layout.pages.map(\.title))
    #expect(pages.count >= 3)
    try expectOrder(report)
    let bytes = try report.pdf()
    #expect(bytes.starts(with: Array("%PDF-1.5".utf8)))
    #expect(bytes.suffix(6).elementsEqual("%%EOF\n".utf8))
  }

  @Test func everyBlockHasItsHeading() throws {
    var rows = pairedRows(30, labels: ["no", "yes"]) + [TestRow(key: "x", fault: "missing")]
    for place in rows.indices { rows[place].probabilities = #"{"no":0.25,"yes":0.75}"# }
    let pages = try report(try data(rows, labels: ["no", "yes"])).pages(try Typesetter())
    #expect(
      pages.flatMap(\.pieces).compactMap(\.piece.heading) == [
        "The run", "The model", "How the model was made", "States of all rows",
        "Rows that could not be scored, one code",
        "Headline numbers", "Predicted labels", "True against predicted label", "Confused labels, with posts",
        "Scores by label, all posts", "Metrics",
        "ROC curve", "Precision–recall curve", "Reliability", "Confidence, right and wrong",
        "Similarity of text and picture, by label", "Distribution of similarities", "Matching and other pairs",
        "Rank of each text's own picture", "Every text with every picture", "Attention to the picture",
        "Map of the posts",
      ])
  }

  @Test func theSameStoreGivesTheSameBytes() throws {
    let data = try data(pairedRows(200, labels: ["no", "غضب", "悲しみ"]), labels: ["no", "غضب", "悲しみ"])
    #expect(try report(data).pdf() == report(data).pdf())
  }

  @Test func threadsDrawTheSameBytes() async throws {
    let report = try report(try data(pairedRows(60, labels: ["no", "😀"]), labels: ["no", "😀"]))
    let bytes = try report.pdf()
    let others = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<4 { group.addTask { try report.pdf() } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(others.count == 4)
    #expect(others.allSatisfy { $0 == bytes })
  }

  @Test func theDateIsTheRunsEnd() throws {
    let bytes = try report(try data(mixedRows, labels: ["no", "yes"])).pdf()
    #expect(String(decoding: bytes, as: UTF8.self).contains("20260131120000Z)"))
  }

  @Test func anInvalidDateIsNotReplacedByTheCurrentTime() throws {
    let bytes = try report(try data(mixedRows, labels: ["no", "yes"], finished: "yesterday")).pdf()
    #expect(String(decoding: bytes, as: UTF8.self).contains("19700101000000Z)"))
  }

  @Test func aRunWithoutPostsHasPages() throws {
    let report = try report(try data([], labels: ["no", "yes"]))
    try expectOrder(report)
    #expect(try !report.pdf().isEmpty)
  }

  @Test func aRunOfFaultsHasPages() throws {
    let rows = (0..<200).map { TestRow(key: "\($0)", fault: "code \($0 % 60)") }
    let report = try report(try data(rows, labels: ["no", "yes"]))
    #expect(report.data.faults.groups.count == 24)
    #expect(report.data.faults.total == 200)
    try expectOrder(report)
    #expect(try !report.pdf().isEmpty)
  }

  @Test(arguments: [1, 2, 5, 11, 24, 40]) func anyNumberOfLabelsFits(count: Int) throws {
    let labels = (0..<count).map { "label number \($0)" + String(repeating: " long", count: $0 % 9) }
    let report = try report(try data(pairedRows(count * 12, labels: labels), labels: labels))
    try expectOrder(report)
    #expect(try !report.pdf().isEmpty)
  }

  @Test func missingChartsGiveTheReasonInALine() throws {
    let rows = mixedRows.map { row in
      var row = row
      row.truth = nil
      return row
    }
    let pages = try report(try data(rows, labels: ["no", "yes"])).pages(try Typesetter())
    let headings = pages.flatMap(\.pieces).compactMap(\.piece.heading)
    #expect(
      headings.contains("Confidence") && !headings.contains("ROC curve") && !headings.contains("Headline numbers"))
    #expect(!headings.contains("Map of the posts") && !headings.contains("Rank of each text's own picture"))
    for block in [ReportBlock.headline, .roc, .precisionRecall, .reliability, .density, .retrieval, .map, .comparison] {
      let json = #"{"title":"T","pages":[{"title":"P","blocks":["\#(block.rawValue)"]}]}"#
      let layout = try ReportLayout(json: Array(json.utf8))
      let data = try data(rows, labels: ["no", "yes"])
      let pieces = Report(data: data, layout: layout).pages(try Typesetter())[0].pieces
      // The title, the result of the run, how pictures are shown, and the line.
      #expect(pieces.count <= 3 + Conclusions(data).opening([block]).count, "\(block)")
    }
  }

  @Test(arguments: [1, 2, 7, 40]) func slicesAndAllEqualScoresFit(count: Int) throws {
    let labels = (0..<count).map { "label \($0)" } + [String(repeating: "long ", count: 40)].prefix(count - 1)
    var rows = pairedRows(labels.count * 8, labels: labels)
    let json = "{" + labels.map { "\"\($0)\":0.5" }.joined(separator: ",") + "}"
    for place in rows.indices {
      rows[place].probabilities = json
      rows[place].confidence = 0.5
      rows[place].extra = #"{"user":"\#(place % 45)\#(String(repeating: "漢", count: place % 60))"}"#
      if let vectors = rows[place].vectors { rows[place].vectors = (rows[0].vectors?.text ?? [], vectors.image) }
    }
    let report = try report(try data(rows, labels: labels, by: "user"))
    try expectOrder(report)
    let headings = report.pages(try Typesetter()).flatMap(\.pieces).compactMap(\.piece.heading)
    #expect(headings.contains("By “user”") && !headings.contains("Map of the posts"))
    #expect(try report.pdf() == report.pdf())
  }

  @Test func hostileTextIsDrawnAsText() throws {
    let nasty = [
      "a\u{202E}b", "\u{1}\u{2}\u{1B}[31mred", "👩‍👩‍👧‍👦", "漢字", "مرحبا", "line\nbreak",
      "Z" + String(repeating: "\u{301}", count: 300),
      String(repeating: "x", count: 10_000), "<span foreground='red'>&amp;", "\u{2066}\u{FFFE}\u{E000}", "",
    ]
    var rows = pairedRows(110, labels: nasty)
    for index in rows.indices {
      rows[index].key = nasty[index % nasty.count] + "\(index)"
      rows[index].text = nasty[(index + 3) % nasty.count] + "\(index)"
    }
    rows += nasty.enumerated().map { TestRow(key: $1, text: $1, image: $1, fault: "code \($0)" + $1) }
    let report = try report(
      try data(rows, labels: nasty, name: "run\n\u{202E}" + String(repeating: "y", count: 3000)))
    try expectOrder(report)
    #expect(try !report.pdf().isEmpty)
  }

  @Test func missingDataAreReportedOnce() throws {
    let rows = mixedRows.map { row in
      var row = row
      row.truth = nil
      return row
    }
    let pages = try report(try data(rows, labels: ["no", "yes"])).pages(try Typesetter())
    let remarks = pages.flatMap(\.pieces).compactMap(\.piece.onceAs)
    #expect(remarks == ["no truth", "no pairs"])
    let headings = pages.flatMap(\.pieces).compactMap(\.piece.heading)
    #expect(headings.contains("True against predicted label"))
    #expect(!headings.contains("Metrics"))
  }
}
