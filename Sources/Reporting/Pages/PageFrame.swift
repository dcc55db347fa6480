/// The running header and footer of a page.
struct PageFrame {
  /// What stands at the left of every page's head.
  var head: String
  /// What stands at the left of every page's foot.
  var foot: String
  var typesetter: Typesetter

  /// Draws a page with all that is on it, and ends it.
  func draw(_ canvas: PDFCanvas, _ page: Report.Page, number: Int, of count: Int) {
    drawAround(canvas, page: page, number: number, of: count)
    if page.isFirst { canvas.addOutline(page.title, page: number) }
    for placed in page.pieces { placed.piece.draw(canvas, placed.rect) }
    canvas.endPage()
  }

  private func drawAround(_ canvas: PDFCanvas, page: Report.Page, number: Int, of count: Int) {
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

  private func drawHeader(_ canvas: PDFCanvas, page: Report.Page) {
    let body = PageFormat.body
    let half = body.width / 2 - 8
    canvas.draw(
      typesetter.shape(head, .tiny.bold().colour(Palette.accent), width: half),
      x: body.x,
      baseline: PageFormat.headerBaseline)
    canvas.draw(
      typesetter.shape(
        page.title + (page.isFirst ? "" : ", continued"), .tiny, width: half, alignment: .right),
      x: body.maxX - half, baseline: PageFormat.headerBaseline)
  }

  private func drawFooter(_ canvas: PDFCanvas, number: Int, of count: Int) {
    let body = PageFormat.body
    canvas.draw(
      typesetter.shape(foot, .tiny, width: body.width - 80), x: body.x, baseline: PageFormat.footerBaseline)
    canvas.draw(
      typesetter.shape("\(number) of \(count)", .tiny, width: 70, alignment: .right), x: body.maxX - 70,
      baseline: PageFormat.footerBaseline)
  }
}
