/// Pages that are laid out, and what stands around them.
///
/// The same pages give the same bytes: nothing of clock, user, locale or thread takes part.
package struct Document {
  /// A page before it is drawn.
  package struct Page {
    package var title: String
    /// Whether it begins a part of the document, rather than going on with one.
    package var isFirst: Bool
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
    paginator.finish().enumerated().map { Page(title: title, isFirst: $0 == 0, pieces: $1) }
  }

  /// Draws the pages with the typesetter that shaped them.
  ///
  /// - Returns: The PDF file's bytes.
  func pdf(_ typesetter: Typesetter) throws(ReportingError) -> [UInt8] {
    let canvas = try PDFCanvas(title: title, created: created)
    let frame = PageFrame(header: header, footer: footer, typesetter: typesetter)
    for (index, page) in pages.enumerated() {
      frame.draw(canvas, page: page, number: index + 1, of: pages.count)
      if page.isFirst { canvas.addOutline(page.title, page: index + 1) }
      for placed in page.pieces { placed.piece.draw(canvas, placed.rect) }
      canvas.endPage()
    }
    return try canvas.finish()
  }
}
