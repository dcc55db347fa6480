import Evaluation
import Foundation
import GRDB
import Reporting
import Testing

/// Every chart at the widths of a paper's column and page, with names of every kind: nothing leaves the figure, no text
/// overprints another, and no name is clipped.
@Suite struct FigureGeometryTests {
  /// What the labels, the column's values and the runs are called.
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
  private static func data(_ names: Names) throws -> ReportData {
    let store = try TestStore(), labels = names.labels
    let count = 240
    try store.write { database in
      try database.insertScorer(id: 1, labels: labels)
      try database.insertScorer(id: 2, labels: labels)
      try database.insertRun(id: 1, name: names.runs.0, scorer: 1, files: ["posts.csv": count])
      try database.insertRun(id: 2, name: names.runs.1, scorer: 2, files: ["posts.csv": count])
      var rows = pairedRows(count, labels: labels)
      for place in rows.indices {
        let truth = rows[place].truth ?? "", isRight = noise(place * 3 + 1) < 0.7
        rows[place].predicted = isRight ? truth : labels[(place * 5 + 1) % labels.count]
        rows[place].confidence = 0.3 + 0.7 * noise(place * 11 + 5)
        rows[place].extra = try json(["group": labels[place % labels.count]])
        let rest = (1 - rows[place].confidence) / Double(max(labels.count - 1, 1))
        rows[place].probabilities = try json(
          Dictionary(
            uniqueKeysWithValues: labels.map { ($0, $0 == rows[place].predicted ? rows[place].confidence : rest) }))
      }
      try database.insert(rows)
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
    let reader = try store.reader()
    let other = try ComparedRun.load(from: reader, run: names.runs.1, file: nil)
    return try ReportData.load(from: reader, run: names.runs.0, by: "group", against: other)
  }

  private static func json(_ object: some Encodable) throws -> String {
    String(decoding: try JSONEncoder().encode(object), as: UTF8.self)
  }

  private static func chartNames() -> [ReportBlock] { ReportBlock.allCases.filter(\.isChart) }

  @Test(arguments: Names.allCases, [84.0, 170]) func nothingLeavesAFigureOrOverprintsAnother(
    names: Names, millimetres: Double
  ) throws {
    let data = try Self.data(names)
    var drawn: [String] = []
    for block in Self.chartNames() {
      let figure = Figure(
        data: data, section: try ReportSection(named: block.rawValue), width: millimetres * Figure.millimetre)
      let pieces: [Piece]
      do {
        pieces = try figure.pieces(try Typesetter())
      } catch ReportingError.noChart where names == .one {
        continue
      }
      drawn.append(block.rawValue)
      let size = figure.size(of: pieces)
      let canvas = try PDFCanvas(svg: size), record = DrawingRecord()
      canvas.record = record
      figure.draw(pieces, on: canvas)
      let place = "\(block.rawValue), \(names), \(millimetres) mm"
      #expect(!record.texts.isEmpty, "\(place)")
      for text in record.texts {
        #expect(Self.isInside(text.ink, text.clip), "\(place): “\(text.words)” is clipped")
        #expect(
          Self.isInside(text.ink, Rect(x: 0, y: 0, width: size.width, height: size.height)),
          "\(place): “\(text.words)” leaves the figure")
        #expect(!text.isCut, "\(place): “\(text.words)” is cut")
      }
      for mark in record.marks {
        #expect(
          Self.isInside(mark, Rect(x: 0, y: 0, width: size.width, height: size.height)), "\(place): a mark at \(mark)")
      }
      for (index, text) in record.texts.enumerated() {
        for other in record.texts[(index + 1)...] where Self.overlap(text.ink, other.ink) {
          Issue.record("\(place): “\(text.words)” overprints “\(other.words)”")
        }
      }
    }
    #expect(drawn.count >= (names == .one ? 12 : 16), "\(drawn)")
  }

  private static func isInside(_ rect: Rect, _ area: Rect) -> Bool {
    rect.x >= area.x - 0.3 && rect.y >= area.y - 0.3 && rect.maxX <= area.maxX + 0.3 && rect.maxY <= area.maxY + 0.3
  }

  private static func overlap(_ one: Rect, _ other: Rect) -> Bool {
    min(one.maxX, other.maxX) - max(one.x, other.x) > 0.5 && min(one.maxY, other.maxY) - max(one.y, other.y) > 0.5
  }

  @Test func anAxisIsNeverSqueezed() throws {
    // The ends of an axis of headline numbers are at least as far apart as five of their own words.
    let figure = Figure(
      data: try Self.data(.plain), section: try ReportSection(named: "headline"), width: 84 * Figure.millimetre)
    let canvas = try PDFCanvas(svg: PageSize(width: 400, height: 400)), record = DrawingRecord()
    canvas.record = record
    figure.draw(try figure.pieces(try Typesetter()), on: canvas)
    let zero = try #require(record.texts.first { $0.words == "0" }), one = try #require(record.texts.first { $0.words == "1" })
    #expect(one.ink.x - zero.ink.x >= 56)
  }

  @Test func aFigureThatDoesNotFitSaysWhichWidthItNeeds() throws {
    let data = try Self.data(.forty)
    let section = try ReportSection(named: "confusion")
    let narrow = Figure(data: data, section: section, width: 60 * Figure.millimetre)
    let error = #expect(throws: ReportingError.self) { try narrow.draw(as: .svg, dpi: 72) }
    guard case .figureTooNarrow("confusion", 60, let needed)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect("\(ReportingError.figureTooNarrow(section: "confusion", millimetres: 60, needed: needed))".contains("--width \(needed)mm"))
    let wide = Figure(data: data, section: section, width: Double(needed) * Figure.millimetre)
    #expect(try wide.draw(as: .svg, dpi: 72).isEmpty == false)
  }

  @Test func aFigureOfTwoRunsNamesThem() throws {
    let figure = Figure(
      data: try Self.data(.long), section: try ReportSection(named: "comparison"), width: 170 * Figure.millimetre)
    let canvas = try PDFCanvas(svg: PageSize(width: 600, height: 600)), record = DrawingRecord()
    canvas.record = record
    figure.draw(try figure.pieces(try Typesetter()), on: canvas)
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
    // In a sentence of ours the first name stands left of the second, in bare text right of it.
    #expect(try place(of: "ساخر", in: sentence) < place(of: "صادق", in: sentence))
    #expect(try place(of: "ساخر", in: bare) > place(of: "صادق", in: bare))
  }
}
