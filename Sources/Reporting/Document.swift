internal import Files

/// Pages after layout, with their header, footer and outline.
///
/// The same pages give the same bytes, whatever the time, user, locale or number of threads.
package struct Document {
  /// A page before it is drawn.
  package struct Page {
    /// The part of the document that the page's first piece belongs to.
    package var title: String
    /// Whether that part begins on this page, instead of continuing.
    package var isFirst: Bool
    /// The parts that begin on the page.
    package var begins: [String] = []
    package var pieces: [Paginator.Placed]
  }

  /// The title, for the window of a PDF viewer.
  var title: String
  /// The date written into the file, UTC ISO 8601.
  var created: String
  /// The subject of the report, at the top left of every page.
  var header: String
  /// The programs and libraries used, at the bottom left of every page.
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
  ///   - typesetter: The typesetter that shaped the pages.
  ///   - format: The kind of files.
  ///   - dpi: Pixels per inch of a PNG.
  /// - Returns: One file, or one file for each page.
  /// - Throws: `ReportingError.drawing`.
  func draw(_ typesetter: Typesetter, as format: ReportFormat, dpi: Int) throws(ReportingError) -> DrawnReport {
    switch format {
    case .pdf: .whole(try pdf(typesetter))
    case .png:
      .pages(try separate(typesetter) { () throws(ReportingError) in try PageCanvas(png: .a4, dpi: dpi) })
    case .svg: .pages(try separate(typesetter) { () throws(ReportingError) in try PageCanvas(svg: .a4) })
    }
  }

  /// Draws the pages with the typesetter that shaped them.
  ///
  /// - Returns: The PDF file's bytes.
  func pdf(_ typesetter: Typesetter) throws(ReportingError) -> [UInt8] {
    let canvas = try PageCanvas(title: title, created: created)
    for (index, page) in pages.enumerated() {
      for part in page.begins { canvas.addOutline(part, page: index + 1) }
      draw(page, number: index + 1, on: canvas, typesetter)
    }
    return try canvas.finish()
  }

  /// Draws each page on a canvas of its own.
  private func separate(
    _ typesetter: Typesetter, _ canvas: () throws(ReportingError) -> PageCanvas
  ) throws(ReportingError) -> [[UInt8]] {
    var files: [[UInt8]] = []
    for (index, page) in pages.enumerated() {
      let canvas = try canvas()
      draw(page, number: index + 1, on: canvas, typesetter)
      files.append(SVGIdentifiers.settled(try canvas.finish()))
    }
    return files
  }

  private func draw(_ page: Page, number: Int, on canvas: PageCanvas, _ typesetter: Typesetter) {
    PageFrame(header: header, footer: footer, typesetter: typesetter)
      .draw(canvas, page: page, number: number, of: pages.count)
    for placed in page.pieces { placed.piece.draw(canvas, placed.rect) }
    canvas.endPage()
  }
}

/// Places the parts of a document on pages. Each part begins on a new page or, if parts may be joined, on the last page
/// of the previous part if enough of it is free.
package struct DocumentBuilder {
  private var paginator: Paginator
  private let joins: Bool
  /// The parts' titles, and the page on which each begins.
  private var starts: [(title: String, page: Int, isAtTop: Bool)] = []

  package init(body: Rect, joins: Bool) {
    paginator = Paginator(body: body)
    self.joins = joins
  }

  /// Begins a part.
  ///
  /// - Parameters:
  ///   - title: its name in the page header and the outline.
  ///   - opening: its title and the lines below it; never separated from the next piece.
  ///   - sections: its sections' pieces.
  package mutating func add(_ title: String, opening: [Piece], sections: [[Piece]]) {
    let opening = opening.map { piece in
      var piece = piece
      piece.staysWithNext = !sections.isEmpty
      return piece
    }
    let first = opening + (sections.first ?? [])
    let isJoined = joins && !starts.isEmpty && paginator.hasRoom(for: first)
    if !starts.isEmpty, !isJoined { paginator.breakPage() }
    starts.append((title, paginator.count - 1, !isJoined))
    paginator.add(first)
    for section in sections.dropFirst() { paginator.add(section) }
  }

  package func finish() -> [Document.Page] {
    paginator.finish().enumerated().map { number, pieces in
      let here = starts.filter { $0.page == number }
      let isFirst = here.first?.isAtTop ?? false
      let title = isFirst ? here.first?.title : starts.last { $0.page < number }?.title
      return Document.Page(title: title ?? "", isFirst: isFirst, begins: here.map(\.title), pieces: pieces)
    }
  }
}

package enum ReportFormat: String, CaseIterable, Sendable {
  /// One file with all pages, an outline and searchable text.
  case pdf
  /// One file for each page, in pixels.
  case png
  /// One file for each page; text is drawn as outlines.
  case svg

  /// The allowed resolutions of a PNG in pixels per inch.
  package static let resolutions = 36...600
}

package enum DrawnReport: Equatable, Sendable {
  /// All pages in one file.
  case whole([UInt8])
  /// One file for each page, in order.
  case pages([[UInt8]])
}

/// Writes a report's file atomically.
package enum ReportFileWriter {
  /// Writes bytes to a path. A symbolic link is followed and kept; a terminal or a pipe is written to directly.
  ///
  /// - Throws: `ReportingError.outputIsDirectory` or `.cannotWrite`; a file at the path then stays unchanged.
  package static func write(_ bytes: [UInt8], to path: String) throws(ReportingError) {
    do throws(FileError) {
      try OutputFile.write(bytes, to: path)
    } catch {
      throw error == .isFolder ? .outputIsDirectory(path) : .cannotWrite(path: path, reason: error.description)
    }
  }
}
