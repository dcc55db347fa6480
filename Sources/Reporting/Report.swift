import Bytes
import Evaluation
package import Results

/// A report on one run.
///
/// The same data and layout give the same bytes, whatever the time, user, locale or number of threads.
package struct Report: Sendable {
  package var data: ReportData
  package var layout: ReportLayout
  /// The parts of texts to hide.
  package var redaction: Redaction
  /// Posts with their attention maps, or the reason why there are none.
  package var looks = AttentionExamples.withoutModel

  package init(data: ReportData, layout: ReportLayout, redaction: Redaction = []) {
    (self.data, self.layout, self.redaction) = (data, layout, redaction)
  }

  /// Lays out the pages.
  package func pages(_ typesetter: Typesetter) -> [Document.Page] {
    typesetter.redaction = redaction
    var context = BlockContext(
      data: data, typesetter: typesetter, width: PageFormat.body.width, conclusions: Conclusions(data))
    (context.redaction, context.looks) = (redaction, looks)
    var said: Set<String> = []
    var parts = DocumentBuilder(body: PageFormat.body, joins: layout.joinsPages)
    for (index, page) in layout.pages.enumerated() {
      let opening = opening(page, isFirst: index == 0, context)
      var sections: [[Piece]] = []
      for section in page.sections {
        context.options = section.options
        let pieces = section.block.pieces(context).filter { piece in
          piece.onceAs.map { said.insert($0).inserted } ?? true
        }
        // Drop a heading if all content below it was already shown.
        if !pieces.allSatisfy({ $0.heading != nil }) { sections.append(pieces) }
      }
      parts.add(page.title, opening: opening, sections: sections)
    }
    return parts.finish()
  }

  /// Draws the report.
  ///
  /// - Returns: The PDF file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func pdf() throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    return try document(typesetter).pdf(typesetter)
  }

  /// Draws the report as files of a kind.
  ///
  /// - Parameters:
  ///   - format: The file format.
  ///   - dpi: The resolution of a PNG in pixels per inch.
  /// - Returns: One file, or one file for each page.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  package func draw(as format: ReportFormat, dpi: Int) throws(ReportingError) -> DrawnReport {
    let typesetter = try Typesetter()
    return try document(typesetter).draw(typesetter, as: format, dpi: dpi)
  }

  private func document(_ typesetter: Typesetter) -> Document {
    let scorer = data.scorer
    typesetter.redaction = redaction
    return Document(
      title: redaction.hiding("\(layout.title): \(DisplayText.line(data.run.name.text))"),
      created: data.run.finishedAt ?? data.run.startedAt,
      header: "Run \(DisplayText.line(data.run.name.text))" + (data.calibration == nil ? "" : " · calibrated"),
      footer:
        "\(DisplayText.line(scorer.modelName, limit: 60)) · \(scorer.isForeign ? "imported" : scorer.precision) · \(scorer.fingerprint.prefix(12))",
      pages: pages(typesetter))
  }

  private func opening(_ page: ReportLayout.Page, isFirst: Bool, _ context: BlockContext) -> [Piece] {
    let typesetter = context.typesetter, width = context.width
    var pieces: [Piece] =
      isFirst
      ? [.opening(layout.title, summary, typesetter, width: width)]
        + context.conclusions.opening(page.blocks).flatMap { context.answer($0) }
        + (data.calibration.map { [context.remark($0.sentence)] } ?? []) + [context.note(shown, gap: 8)]
      : [.title(page.title, typesetter, width: width)]
    guard page.blocks.contains(where: \.isAboutAlignment) else { return pieces }
    pieces += context.answer(context.conclusions.closer)
    if data.model?.alpha == 0 {
      pieces.append(
        context.remark(
          "Trained without alignment (alpha 0): this model did not learn to bring texts near their pictures, so "
            + "their similarity is random."))
    }
    if let collapsed = context.conclusions.collapsed { pieces.append(context.remark(collapsed.sentence)) }
    return pieces
  }

  /// Only counts; estimates follow in the sentences below with their intervals.
  private var summary: String {
    let total = data.ledger.total
    var words = [
      Format.count(total.read, "row read", "rows read"),
      data.run.distinctPosts.map {
        "\(Format.count($0.counted)) of \(Format.count($0.all, "post scored", "posts scored")), "
          + "one of each group of reposts"
      } ?? Format.count(data.outcome.posts, "post scored", "posts scored"),
    ]
    if data.outcome.posts > 0 { words.append("\(Format.count(data.outcome.labelled)) with a true label") }
    if data.faults.total > 0 { words.append(Format.count(data.faults.total, "fault", "faults")) }
    return words.joined(separator: "  ·  ")
  }

  /// How pictures and texts are shown.
  private var shown: String {
    let pictures =
      switch data.shown.pictures.showing {
      case .show: "Pictures are unchanged"
      case .blur: "Pictures are blurred"
      case .none: "Pictures are hidden"
      }
    return "\(pictures); \(redaction.words.map { "\($0) are replaced" } ?? "texts are unchanged")."
  }
}

extension ShownCalibration {
  /// What the report shows, as a sentence.
  fileprivate var sentence: String {
    "The answers and probabilities of the run's model are \(words). The store keeps the model's own. "
      + "On the posts that a calibration was fitted to, it looks better than on others."
  }
}

extension ReportBlock {
  /// Whether the section shows the similarity of text and picture.
  var isAboutAlignment: Bool {
    switch self {
    case .alignment, .similarity, .sample, .density, .retrieval: true
    default: false
    }
  }
}
