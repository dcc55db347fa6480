/// Pages that are laid out, and what stands around them.
///
/// The same pages give the same bytes: nothing of clock, user, locale or thread takes part.
package struct Document {
  /// A page before it is drawn.
  package struct Page {
    /// The part of the document that its first piece belongs to.
    package var title: String
    /// Whether that part begins here, rather than going on.
    package var isFirst: Bool
    /// The parts that begin on it.
    package var begins: [String] = []
    package var pieces: [Paginator.Placed]
  }

  /// The title, for the reader's window.
  var title: String
  /// The date the file bears, UTC ISO 8601.
  var created: String
  /// What every page is of, at its top left.
  var header: String
  /// What was used, at its bottom left.
  var footer: String
  var pages: [Page]

  /// A part of a document: the pages that a paginator filled, under one title.
  static func pages(_ title: String, _ paginator: Paginator) -> [Page] {
    paginator.finish().enumerated().map {
      Page(title: title, isFirst: $0 == 0, begins: $0 == 0 ? [title] : [], pieces: $1)
    }
  }

  /// Draws the pages with the typesetter that shaped them.
  ///
  /// - Parameters:
  ///   - typesetter: Who shaped the pages.
  ///   - format: The kind of files.
  ///   - dpi: Pixels an inch of a PNG.
  /// - Returns: One file, or a file a page.
  /// - Throws: `ReportingError.drawing`.
  func draw(_ typesetter: Typesetter, as format: ReportFormat, dpi: Int) throws(ReportingError) -> DrawnReport {
    switch format {
    case .pdf: .whole(try pdf(typesetter))
    case .png:
      .pages(try separate(typesetter) { () throws(ReportingError) in try PDFCanvas(png: .a4, dpi: dpi) })
    case .svg: .pages(try separate(typesetter) { () throws(ReportingError) in try PDFCanvas(svg: .a4) })
    }
  }

  /// Draws the pages with the typesetter that shaped them.
  ///
  /// - Returns: The PDF file's bytes.
  func pdf(_ typesetter: Typesetter) throws(ReportingError) -> [UInt8] {
    let canvas = try PDFCanvas(title: title, created: created)
    for (index, page) in pages.enumerated() {
      for part in page.begins { canvas.addOutline(part, page: index + 1) }
      draw(page, number: index + 1, on: canvas, typesetter)
    }
    return try canvas.finish()
  }

  /// Draws each page on a canvas of its own.
  private func separate(
    _ typesetter: Typesetter, _ canvas: () throws(ReportingError) -> PDFCanvas
  ) throws(ReportingError) -> [[UInt8]] {
    var files: [[UInt8]] = []
    for (index, page) in pages.enumerated() {
      let canvas = try canvas()
      draw(page, number: index + 1, on: canvas, typesetter)
      files.append(SVGNames.settled(try canvas.finish()))
    }
    return files
  }

  private func draw(_ page: Page, number: Int, on canvas: PDFCanvas, _ typesetter: Typesetter) {
    PageFrame(header: header, footer: footer, typesetter: typesetter)
      .draw(canvas, page: page, number: number, of: pages.count)
    for placed in page.pieces { placed.piece.draw(canvas, placed.rect) }
    canvas.endPage()
  }
}
