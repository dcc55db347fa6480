/// Places pieces on pages from top to bottom.
package struct Paginator {
  package struct Placed {
    package var piece: Piece
    package var rect: Rect
  }

  private let body: Rect
  private var pages: [[Placed]] = []
  private var y: Double

  /// Starts with one empty page.
  package init(body: Rect) {
    self.body = body
    y = body.y
    pages = [[]]
  }

  /// Adds pieces to the page, and to further pages if they do not fit. A piece that stays with the next one moves with
  /// it. A piece taller than a page gets the height of a page.
  package mutating func add(_ pieces: [Piece]) {
    var start = 0
    while start < pieces.count {
      var end = start
      while end < pieces.count - 1, pieces[end].staysWithNext { end += 1 }
      place(Array(pieces[start...end]))
      start = end + 1
    }
  }

  /// Whether a part of a document that begins with these pieces may begin on the current page: at least a third of the
  /// page is free, and the first group of pieces fits.
  package func hasRoom(for pieces: [Piece]) -> Bool {
    guard !pages[pages.count - 1].isEmpty, body.maxY - y >= body.height / 3 else { return false }
    let end = pieces.firstIndex { !$0.staysWithNext } ?? pieces.count - 1
    let need = pieces.prefix(end + 1).reduce(0.0) { $0 + $1.height + $1.gap }
    return y + need <= body.maxY
  }

  /// The number of pages so far.
  package var count: Int { pages.count }

  /// Begins a new page.
  package mutating func breakPage() {
    pages.append([])
    y = body.y
  }

  package func finish() -> [[Placed]] { pages }

  private mutating func place(_ group: [Piece]) {
    let isFirst = pages[pages.count - 1].isEmpty
    // Move the whole group to the next page; split it only if it is taller than a page.
    let need = group.enumerated().reduce(0.0) {
      $0 + $1.element.height + ($1.offset == 0 && isFirst ? 0 : $1.element.gap)
    }
    if !isFirst, y + need > body.maxY { breakPage() }
    for piece in group {
      let gap = pages[pages.count - 1].isEmpty ? 0 : piece.gap
      if !pages[pages.count - 1].isEmpty, y + gap + piece.height > body.maxY { breakPage() }
      if pages[pages.count - 1].isEmpty { for header in piece.repeated { append(header, gap: 0) } }
      append(piece, gap: gap)
    }
  }

  private mutating func append(_ piece: Piece, gap: Double) {
    let top = pages[pages.count - 1].isEmpty ? body.y : y + gap
    let height = max(0, min(piece.height, body.maxY - top))
    pages[pages.count - 1].append(
      Placed(piece: piece, rect: Rect(x: body.x, y: top, width: body.width, height: height)))
    y = top + height
  }

}

/// The running header and footer of a page.
struct PageFrame {
  /// The subject of the report, at the top left of every page.
  var header: String
  /// The programs and libraries used, at the bottom left of every page.
  var footer: String
  var typesetter: Typesetter

  func draw(_ canvas: PageCanvas, page: Document.Page, number: Int, of count: Int) {
    let body = PageFormat.body
    canvas.clipped(to: Rect(x: 0, y: 30, width: PageFormat.width, height: 20)) {
      drawHeader(canvas, page: page)
    }
    let rule = PageFormat.headerBaseline + 7
    canvas.line(Point(x: body.x, y: rule), Point(x: body.maxX, y: rule), Palette.hairline)
    canvas.clipped(to: Rect(x: 0, y: PageFormat.footerBaseline - 12, width: PageFormat.width, height: 18)) {
      drawFooter(canvas, number: number, of: count)
    }
  }

  private func drawHeader(_ canvas: PageCanvas, page: Document.Page) {
    let body = PageFormat.body
    let half = body.width / 2 - 8
    canvas.draw(
      typesetter.shape(header, .tiny.bold().colour(Palette.accent), width: half),
      x: body.x,
      baseline: PageFormat.headerBaseline)
    canvas.draw(
      typesetter.shape(
        page.title + (page.isFirst ? "" : ", continued"), .tiny, width: half, alignment: .right),
      x: body.maxX - half, baseline: PageFormat.headerBaseline)
  }

  private func drawFooter(_ canvas: PageCanvas, number: Int, of count: Int) {
    let body = PageFormat.body
    canvas.draw(
      typesetter.shape(footer, .tiny, width: body.width - 80), x: body.x, baseline: PageFormat.footerBaseline)
    canvas.draw(
      typesetter.shape("\(number) of \(count)", .tiny, width: 70, alignment: .right), x: body.maxX - 70,
      baseline: PageFormat.footerBaseline)
  }
}
