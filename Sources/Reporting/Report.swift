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

  /// Lays the report out.
  package func pages(_ typesetter: Typesetter) -> [Document.Page] {
    let context = BlockContext(data: data, typesetter: typesetter, width: PageFormat.body.width)
    var said: Set<String> = []
    var pages: [Document.Page] = []
    for (index, page) in layout.pages.enumerated() {
      var paginator = Paginator(body: PageFormat.body)
      paginator.add([title(page, isOpening: index == 0, typesetter)])
      for section in page.sections {
        var context = context
        context.options = section.options
        let pieces = section.block.pieces(context).filter { piece in
          piece.onceAs.map { said.insert($0).inserted } ?? true
        }
        // A heading whose only content was said before has nothing left to head.
        if pieces.allSatisfy({ $0.heading != nil }) { continue }
        paginator.add(pieces)
      }
      pages += Document.pages(page.title, paginator)
    }
    return pages
  }

  /// Draws the report.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  public func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    let scorer = data.scorer
    return try Document(
      title: "\(layout.title): \(data.run.name)", created: data.run.finishedAt ?? data.run.startedAt,
      header: "Run \(data.run.name)",
      footer:
        "\(DisplayText.line(scorer.modelName, limit: 60)) · \(scorer.precision) · \(scorer.fingerprint.prefix(12))",
      pages: pages(typesetter)
    ).pdf(typesetter)
  }

  private func title(_ page: ReportLayout.Page, isOpening: Bool, _ typesetter: Typesetter) -> Piece {
    isOpening
      ? .opening(layout.title, summary, typesetter, width: PageFormat.body.width)
      : .title(page.title, typesetter, width: PageFormat.body.width)
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
