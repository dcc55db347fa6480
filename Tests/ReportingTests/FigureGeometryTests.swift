import Evaluation
import Foundation
import GRDB
import Reporting
import Results
import ResultsFixtures
import Store
import Testing

/// Every chart at the widths of a paper's column and page, with names of every kind: nothing leaves the figure, no
/// texts overlap, and no name is clipped.
@Suite struct FigureGeometryTests {
  /// Kinds of names for labels, column values and runs.
  enum Names: String, CaseIterable {
    case plain, long, chinese, arabic, one, forty

    var labels: [String] {
      switch self {
      case .plain: ["no", "yes"]
      case .long:
        [
          "Strongly negative towards the organisation or its products, including sarcasm and mockery",
          "Somewhat negative, mostly disappointed customers who still hope for the best",
          "Neutral / informational content without any evaluative statement whatsoever",
        ]
      case .chinese: ["讽刺", "真诚", "中立的、没有明显情绪倾向的帖子", "愤怒/失望"]
      case .arabic: ["ساخر", "صادق", "محايد جداً بدون أي مشاعر", "غاضب"]
      case .one: ["ironic"]
      case .forty: (0..<40).map { "topic number \($0)" }
      }
    }

    var runs: (String, String) {
      switch self {
      case .chinese: ("第一次运行", "第二次运行")
      case .arabic: ("التشغيل الأول", "التشغيل الثاني")
      case .long: ("the first run", "the second run, whose very long name nobody has shortened in time")
      default: ("first", "second")
      }
    }
  }

  /// Two runs with everything that a chart can show.
  private static func data(
    _ names: Names, runs: (String, String)? = nil, layout: String? = nil
  ) throws -> ReportData {
    let store = try TestStore(), labels = names.labels, runs = runs ?? names.runs
    let count = 240
    try store.write { database in
      try database.insertScorer(id: 1, labels: labels)
      try database.insertScorer(id: 2, labels: labels)
      try database.insertRun(id: 1, name: runs.0, scorer: 1, files: ["posts.csv": count])
      try database.insertRun(id: 2, name: runs.1, scorer: 2, files: ["posts.csv": count])
      var rows = pairedRows(count, labels: labels)
      for place in rows.indices {
        let truth = rows[place].truth ?? "", isRight = noise(place * 3 + 1) < 0.7
        rows[place].predicted = isRight ? truth : labels[(place * 5 + 1) % labels.count]
        rows[place].confidence = 0.3 + 0.7 * noise(place * 11 + 5)
        rows[place].posted = "20\(16 + place % 9)-0\(place % 4 + 1)-15T00:00:00Z"
        rows[place].extra = try json(["group": labels[place % labels.count]])
        let rest = (1 - rows[place].confidence) / Double(max(labels.count - 1, 1))
        rows[place].probabilities = try json(
          Dictionary(
            uniqueKeysWithValues: labels.map { ($0, $0 == rows[place].predicted ? rows[place].confidence : rest) }))
      }
      try database.insert(rows)
      var sample = dumpSample(drawn: count / 2)
      sample.strata[0].posts = count
      try database.insertSample(sample, (0..<count / 2).map { ($0 * 2 + 1, 0) })
      for (place, row) in rows.enumerated() {
        let label = noise(place * 7 + 2) < 0.8 ? row.predicted : labels[place % labels.count]
        try database.execute(
          sql: "INSERT INTO entry VALUES (2, 'posts.csv', ?1, ?1, 'x', ?1, 'scored')", arguments: [place + 1])
        try database.execute(
          sql: "INSERT INTO prediction VALUES (2, ?, ?, 0.5, '{}', NULL, 0, 0)", arguments: [place + 1, label])
        let vectors = row.vectors
        for (space, vector) in [("fused", vectors?.text ?? []), ("audio", vectors?.image ?? [])] {
          let bytes = vector.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) }
          try database.execute(
            sql: "INSERT INTO embedding VALUES (1, ?, ?, ?)", arguments: [space, place + 1, Data(bytes)])
        }
        if place % 2 == 0 {
          try database.execute(
            sql: "INSERT INTO feature VALUES (?, 'audio', ?)",
            arguments: [place + 1, hash("\(place)")])
        }
      }
    }
    var limits = try layout.map { try ReportLayout.named($0).limits } ?? ReportLimits()
    limits.months = true
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: runs.1, file: nil)
    return try ReportData.load(
      from: reader, run: runs.0, by: "group", against: other,
      limits: limits)
  }

  private static func json(_ object: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
  }

  @Test(arguments: Names.allCases, [84.0, 170]) func nothingLeavesAFigureOrOverprintsAnother(
    names: Names, millimetres: Double
  ) throws {
    let data = try Self.data(names)
    var drawn: [String] = []
    for block in ReportBlock.allCases where block.isChart {
      let figure = Figure(
        data: data, section: try ReportSection(named: block.rawValue), width: millimetres * Figure.millimetre)
      guard let drawing = try Self.drawing(of: figure) else { continue }
      drawn.append(block.rawValue)
      Self.check(drawing.record, on: drawing.size, "\(block.rawValue), \(names), \(millimetres) mm")
    }
    // A single label has no ROC curve and no intervals of correlation.
    #expect(drawn.contains(ReportBlock.overTime.rawValue))
    #expect(drawn.count >= (names == .one ? 14 : 16), "\(drawn)")
  }

  /// The drawing of a figure; nil if the run has no such chart.
  private static func drawing(of figure: Figure) throws -> (record: DrawingRecord, size: PageSize)? {
    let found = Result { try figure.pieces(try Typesetter()) }
    if case .failure(let error) = found, let error = error as? ReportingError, case .noChart = error { return nil }
    let pieces = try found.get()
    let size = figure.size(of: pieces), record = DrawingRecord()
    let canvas = try PageCanvas(svg: size)
    canvas.record = record
    figure.draw(pieces, on: canvas)
    return (record, size)
  }

  private static func check(_ record: DrawingRecord, on size: PageSize, _ place: String) {
    let page = Rect(x: 0, y: 0, width: size.width, height: size.height)
    #expect(!record.texts.isEmpty, "\(place)")
    for text in record.texts {
      #expect(isInside(text.ink, text.clip), "\(place): “\(text.words)” is clipped")
      #expect(isInside(text.ink, page), "\(place): “\(text.words)” leaves the figure")
      #expect(!text.isCut, "\(place): “\(text.words)” is cut")
    }
    for mark in record.marks { #expect(isInside(mark, page), "\(place): a mark at \(mark)") }
    for (index, text) in record.texts.enumerated() {
      for other in record.texts[(index + 1)...] where overlap(text.ink, other.ink) {
        Issue.record("\(place): “\(text.words)” overprints “\(other.words)”")
      }
    }
  }

  private static func isInside(_ rect: Rect, _ area: Rect) -> Bool {
    rect.x >= area.x - 0.3 && rect.y >= area.y - 0.3 && rect.maxX <= area.maxX + 0.3 && rect.maxY <= area.maxY + 0.3
  }

  private static func overlap(_ one: Rect, _ other: Rect) -> Bool {
    min(one.maxX, other.maxX) - max(one.x, other.x) > 0.5 && min(one.maxY, other.maxY) - max(one.y, other.y) > 0.5
  }

  /// The texts of all pages of a report.
  private static func texts(of layout: String, _ data: ReportData) throws -> [DrawingRecord.Text] {
    let record = DrawingRecord(), canvas = try PageCanvas(svg: .a4)
    canvas.record = record
    for placed in Report(data: data, layout: try ReportLayout.named(layout)).pages(try Typesetter()).flatMap(\.pieces) {
      placed.piece.draw(canvas, placed.rect)
    }
    canvas.endPage()
    return record.texts
  }

  @Test(arguments: [Names.long, .chinese, .arabic]) func thePagesOfPostsShowLongLabelsWhole(names: Names) throws {
    let texts =
      try Self.texts(of: "triage", try Self.data(names, layout: "triage"))
      + Self.texts(of: "standard", try Self.data(names, layout: "standard"))
    let kinds = ["Confident and wrong: ", "Undecided: ", "Text and picture apart, ", "  →  ", " that are "]
    for kind in kinds {
      let found = texts.filter { $0.words.contains(kind) }
      #expect(!found.isEmpty, "\(kind)")
      for text in found {
        #expect(
          !text.isCut && (kind == " that are " || !text.words.contains("…")) && Self.isInside(text.ink, text.clip),
          "\(text.words)")
      }
    }
  }

  @Test func twoRunsWithOneBeginningHaveDifferentHeadings() throws {
    let runs = ["a", "b"].map { "analysis-of-the-election-campaign-posts-2024-of-the-second-half-model-\($0)" }
    let texts = try Self.texts(of: "compare", try Self.data(.plain, runs: (runs[0], runs[1]), layout: "compare"))
    for end in ["-model-a", "-model-b"] {
      // A column header, which contains only the name.
      let heading = try #require(texts.first { $0.words.hasPrefix("analysis-of") && $0.words.hasSuffix(end) })
      #expect(!heading.isCut && Self.isInside(heading.ink, heading.clip), "\(heading)")
    }
    for text in texts where text.words.contains("analysis-of") {
      #expect(!text.isCut && Self.isInside(text.ink, text.clip), "\(text.words)")
    }
    // With another run, the figure says whose predictions are right.
    #expect(
      texts.contains {
        $0.words.hasPrefix("The predictions of “analysis-of") && $0.words.contains("-model-a” are right for ")
      })
  }

  @Test func aFigureExplainsItsMarks() throws {
    let data = try Self.data(.plain)
    for (block, words) in [
      ("headline", "Orange mark: always predicting “"), ("retrieval", "Orange marks: chance."),
      ("slices", "Dashes: all"),
    ] {
      let figure = Figure(data: data, section: try ReportSection(named: block), width: 84 * Figure.millimetre)
      let texts = try #require(try Self.drawing(of: figure)).record.texts
      #expect(texts.contains { $0.words.hasPrefix(words) }, "\(block)")
    }
  }

  @Test func theLargestCountIsNotTheNumberOfPosts() throws {
    let figure = Figure(
      data: try Self.data(.plain), section: try ReportSection(named: "similarity"), width: 84 * Figure.millimetre)
    let texts = try #require(try Self.drawing(of: figure)).record.texts
    #expect(texts.contains { $0.words.hasPrefix("tallest bar: ") && $0.words.hasSuffix(" of 240 posts") })
  }

  @Test func anAxisIsNeverSqueezed() throws {
    // The ends of an axis of headline numbers are at least five widths of their labels apart.
    let figure = Figure(
      data: try Self.data(.plain), section: try ReportSection(named: "headline"), width: 84 * Figure.millimetre)
    let record = try #require(try Self.drawing(of: figure)).record
    let zero = try #require(record.texts.first { $0.words == "0" }),
      one = try #require(record.texts.first { $0.words == "1" })
    #expect(one.ink.x - zero.ink.x >= 56)
  }

  @Test func aFigureThatDoesNotFitSaysWhichWidthItNeeds() throws {
    let data = try Self.data(.forty)
    let section = try ReportSection(named: "confusion")
    let narrow = Figure(data: data, section: section, width: 60 * Figure.millimetre)
    var needed = 0
    do {
      _ = try narrow.draw(as: .svg, dpi: 72)
    } catch {
      if case .figureTooNarrow("confusion", 60, let width) = error { needed = width }
      #expect("\(error)".hasSuffix("does not fit into 60 mm"))
    }
    try #require(needed > 60)
    let wide = Figure(data: data, section: section, width: Double(needed) * Figure.millimetre)
    #expect(try wide.draw(as: .svg, dpi: 72).isEmpty == false)
  }

  @Test func aFigureOfTwoRunsNamesThem() throws {
    let figure = Figure(
      data: try Self.data(.long), section: try ReportSection(named: "comparison"), width: 170 * Figure.millimetre)
    let record = try #require(try Self.drawing(of: figure)).record
    let words = record.texts.map(\.words)
    #expect(words.contains { $0.hasPrefix("the first run") } && words.contains { $0.hasPrefix("the second run") })
    #expect(!words.contains { $0.contains("this run") || $0.contains("other run") })
  }

  @Test func anArrowBetweenArabicLabelsKeepsItsDirection() throws {
    let typesetter = try Typesetter()
    func place(of part: String, in text: String) throws -> Double {
      let shaped = try #require(typesetter.shape(text, .small))
      return try #require(shaped.x(of: part))
    }
    let bare = "ساخر  →  صادق"
    let sentence = "\(DisplayText.line("ساخر"))  →  \(DisplayText.line("صادق"))"
    // In a sentence of the program the first name is left of the second, in plain text right of it.
    #expect(try place(of: "ساخر", in: sentence) < place(of: "صادق", in: sentence))
    #expect(try place(of: "ساخر", in: bare) > place(of: "صادق", in: bare))
  }
}
