import CCairo

extension PDFCanvas {
  package func fill(_ rect: Rect, _ colour: Colour) {
    record?.note(rect, context)
    set(colour)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_fill(context)
  }

  package func stroke(_ rect: Rect, _ colour: Colour, width: Double = 0.5) {
    set(colour)
    cairo_set_line_width(context, width)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_stroke(context)
  }

  package func line(
    _ from: Point, _ to: Point, _ colour: Colour, width: Double = 0.5, dashes: [Double] = []
  ) {
    record?.note(
      Rect(x: min(from.x, to.x), y: min(from.y, to.y), width: abs(to.x - from.x), height: abs(to.y - from.y)), context)
    set(colour)
    cairo_set_line_width(context, width)
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    cairo_move_to(context, from.x, from.y)
    cairo_line_to(context, to.x, to.y)
    cairo_stroke(context)
    cairo_set_dash(context, [], 0, 0)
  }

  /// Draws a stroke through points with round corners.
  func polyline(_ points: [Point], _ colour: Colour, width: Double) {
    guard let first = points.first, points.count > 1 else { return }
    set(colour)
    cairo_save(context)
    cairo_set_line_width(context, width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_stroke(context)
    cairo_restore(context)
  }

  package func disc(_ centre: Point, radius: Double, _ colour: Colour) {
    record?.note(Rect(x: centre.x - radius, y: centre.y - radius, width: 2 * radius, height: 2 * radius), context)
    set(colour)
    cairo_new_path(context)
    cairo_arc(context, centre.x, centre.y, radius, 0, 2 * Double.pi)
    cairo_fill(context)
  }

  /// Draws a text with its top left corner at a point.
  package func draw(_ text: ShapedText?, at point: Point) {
    guard let text else { return }
    record?.note(text, at: point, context)
    set(text.style.colour)
    cairo_move_to(context, point.x, point.y)
    pango_cairo_show_layout(context, text.layout)
  }

  /// Draws a text whose first baseline lies at `y`, so that scripts of unlike height stand on one line.
  package func draw(_ text: ShapedText?, x: Double, baseline y: Double) {
    guard let text else { return }
    draw(text, at: Point(x: x, y: y - text.baseline))
  }

  /// Draws a text turned a quarter to the left: it reads upwards from a point, which is its left end's middle.
  package func drawUpwards(_ text: ShapedText?, from point: Point) {
    guard let text else { return }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, -Double.pi / 2)
    draw(text, at: Point(x: 0, y: -text.height / 2))
    cairo_restore(context)
  }

  /// Runs a drawing of which only the part inside a rectangle shows.
  package func clipped(to rect: Rect, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    drawing()
    cairo_restore(context)
  }

  /// Runs a drawing whose origin is a point of the page.
  func moved(to point: Point, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    drawing()
    cairo_restore(context)
  }
}
