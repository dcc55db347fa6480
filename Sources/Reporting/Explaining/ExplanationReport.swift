import Explanation
import Store

/// One post explained on a page: the picture, what the words look at, and what the answer would be without each part.
///
/// The same post, model and picture give the same bytes: nothing of clock, user, locale or thread takes part.
public struct ExplanationReport: Sendable {
  private let post: ExplainedPost
  private let version: String
  /// Pixels an inch of a PNG.
  private static let dpi = 144
  private static let margin = 40.0

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - post: the post and what is known of it.
  ///   - version: the program's.
  public init(_ post: ExplainedPost, version: String) { (self.post, self.version) = (post, version) }

  /// Draws the report: a PDF in pages of A4; a PNG, of 144 pixels an inch, and an SVG as one page, as long as it must be.
  ///
  /// - Returns: The file's bytes.
  /// - Throws: `ReportingError.noFonts` or `.drawing`.
  public func draw(_ format: ReportFormat) throws(ReportingError) -> [UInt8] {
    let typesetter = try Typesetter()
    switch format {
    case .pdf:
      var paginator = Paginator(body: PageFormat.body)
      paginator.add(pieces(typesetter))
      return try Document(
        title: title, created: post.post.scoredAt, header: "Post \(post.post.key)", footer: footer,
        pages: Document.pages("Explanation", paginator)
      ).pdf(typesetter)
    case .png: return try page(typesetter) { size throws(ReportingError) in try PDFCanvas(png: size, dpi: Self.dpi) }
    case .svg: return try page(typesetter) { size throws(ReportingError) in try PDFCanvas(svg: size) }
    }
  }

  /// One page, as long as it must be.
  private func page(
    _ typesetter: Typesetter, _ canvas: (PageSize) throws(ReportingError) -> PDFCanvas
  ) throws(ReportingError) -> [UInt8] {
    let body = PageFormat.body
    var paginator = Paginator(body: Rect(x: body.x, y: Self.margin, width: body.width, height: 20_000))
    paginator.add(pieces(typesetter) + [.paragraph(footer, .tiny, typesetter, width: body.width, lines: 2, gap: 16)])
    let placed = paginator.finish().flatMap { $0 }
    let height = (placed.map(\.rect.maxY).max() ?? 0) + Self.margin
    let canvas = try canvas(PageSize(width: PageFormat.width, height: height))
    for piece in placed { piece.piece.draw(canvas, piece.rect) }
    canvas.endPage()
    return SVGNames.settled(try canvas.finish())
  }

  /// Everything in order.
  package func pieces(_ typesetter: Typesetter) -> [Piece] {
    let width = PageFormat.body.width
    var pieces = [Piece.opening(title, summary, typesetter, width: width)]
    pieces += ExplanationFacts(post: post, typesetter: typesetter, width: width).pieces()
    pieces += SightSection(post: post, typesetter: typesetter, width: width).pieces()
    guard let explanation = post.explanation else { return pieces }
    pieces += OcclusionSection(explanation: explanation, typesetter: typesetter, width: width).pieces()
    pieces += StripSection(explanation: explanation, typesetter: typesetter, width: width).pieces()
    for stream in explanation.streams {
      pieces +=
        StreamSection(stream: stream, explanation: explanation, typesetter: typesetter, width: width).pieces()
    }
    return pieces
  }

  private var title: String {
    let confidence = Format.percent(post.post.confidence, decimals: 1)
    return
      "\(DisplayText.line(post.post.key, limit: 40)): \(DisplayText.line(post.post.label, limit: 40)), \(confidence) %"
  }

  private var summary: String {
    let post = post.post
    var words = [
      "run \(DisplayText.line(post.run, limit: 40))", "\(DisplayText.line(post.file, limit: 40)):\(post.line)",
    ]
    if let truth = post.truth {
      let isRight = truth.utf8.elementsEqual(post.label.utf8)
      words.append(
        isRight ? "right: the true label is the same" : "wrong: the true label is \(DisplayText.line(truth, limit: 40))"
      )
    }
    if post.versions > 1 { words.append("the last of \(post.versions) posts of this key") }
    return words.joined(separator: "  ·  ")
  }

  private var footer: String {
    let scorer = post.post.scorer
    return
      "\(DisplayText.line(scorer.modelName, limit: 60)) · \(scorer.precision) · \(scorer.fingerprint.prefix(12)) · "
      + "clfa \(version)"
  }
}
