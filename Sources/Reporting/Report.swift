import Evaluation

/// A report on one run: data laid out on pages.
///
/// The same data and layout give the same bytes: nothing of clock, user, locale or thread takes part.
public struct Report: Sendable {
  /// What the report says.
  public var data: ReportData
  /// In which order.
  public var layout: ReportLayout

  /// Creates a report.
  public init(data: ReportData, layout: ReportLayout) {
    self.data = data
    self.layout = layout
  }

  /// A page before it is drawn.
  package struct Page {
    package var title: String
    /// Whether it begins a page of the layout, rather than going on with one.
    package var isFirst: Bool
    package var pieces: [Paginator.Placed]
  }

  /// Lays the report out.
  package func pages(_ typesetter: Typesetter) -> [Page] {
    let context = BlockContext(data: data, typesetter: typesetter, width: PageFormat.body.width)
    var said: Set<String> = []
    var pages: [Page] = []
    for (index, page) in layout.pages.enumerated() {
      var paginator = Paginator(body: PageFormat.body)
      paginator.add([title(page, isOpening: index == 0, typesetter)])
      for block in page.blocks {
        let pieces = block.pieces(context).filter { piece in
          piece.onceAs.map { said.insert($0).inserted } ?? true
        }
        // A heading whose only content was said before has nothing left to head.
        if pieces.allSatisfy({ $0.heading != nil }) { continue }
        paginator.add(pieces)
      }
      for (number, pieces) in paginator.finish().enumerated() {
        pages.append(Page(title: page.title, isFirst: number == 0, pieces: pieces))
      }
    }
    return pages
  }

  /// Draws the report.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  public func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    let pages = pages(typesetter)
    let canvas = try PDFCanvas(
      title: "\(layout.title): \(data.run.name)", created: data.run.finishedAt ?? data.run.startedAt)
    let model = DisplayText.line(data.scorer.modelName, limit: 60)
    let frame = PageFrame(
      head: "Run \(data.run.name)", foot: "\(model) · \(data.scorer.precision) · \(data.scorer.fingerprint.prefix(12))",
      typesetter: typesetter)
    for (index, page) in pages.enumerated() { frame.draw(canvas, page, number: index + 1, of: pages.count) }
    return try canvas.finish()
  }

  private func title(_ page: ReportLayout.Page, isOpening: Bool, _ typesetter: Typesetter) -> Piece {
    let width = PageFormat.body.width
    guard isOpening else {
      let shaped = typesetter.shape(page.title, TextStyle.title.size(15), width: width)
      return Piece(height: 24) { canvas, rect in canvas.draw(shaped, x: rect.x, baseline: rect.y + 15) }
    }
    let title = typesetter.shape(layout.title, .title, width: width)
    let summary = typesetter.shape(summary, TextStyle.body.colour(Palette.muted), width: width)
    return Piece(height: 44) { canvas, rect in
      canvas.draw(title, x: rect.x, baseline: rect.y + 20)
      canvas.draw(summary, x: rect.x, baseline: rect.y + 37)
    }
  }

  private var summary: String {
    let total = data.ledger.total
    var words = ["\(Format.count(total.read)) rows read", "\(Format.count(data.outcome.posts)) posts scored"]
    if data.faults.total > 0 { words.append("\(Format.count(data.faults.total)) faults") }
    if data.outcome.labelled > 0, let part = data.outcome.evaluation[.all] {
      words.append("accuracy \(Format.decimal(part.metrics.accuracy.value, 3))")
      words.append("macro F1 \(Format.decimal(part.metrics.macro.f1.value, 3))")
    }
    return words.joined(separator: "  ·  ")
  }
}
