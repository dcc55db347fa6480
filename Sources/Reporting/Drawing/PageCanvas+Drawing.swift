import CCairo

extension PageCanvas {
  package func fill(_ rect: Rect, _ colour: Colour) {
    record?.note(rect, context)
    set(colour)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_fill(context)
  }

  /// Fills the area inside points.
  func fill(_ points: [Point], _ colour: Colour) {
    guard let first = points.first, points.count > 2 else { return }
    set(colour)
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
    cairo_close_path(context)
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

  /// Draws a text with its first baseline at `y`, so that scripts of different height share one line.
  package func draw(_ text: ShapedText?, x: Double, baseline y: Double) {
    guard let text else { return }
    draw(text, at: Point(x: x, y: y - text.baseline))
  }

  /// Draws a text rotated to read upwards; `point` is the middle of its left end.
  package func drawUpwards(_ text: ShapedText?, from point: Point) {
    guard let text else { return }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    cairo_rotate(context, -Double.pi / 2)
    draw(text, at: Point(x: 0, y: -text.height / 2))
    cairo_restore(context)
  }

  /// Runs a drawing clipped to a rectangle.
  package func clipped(to rect: Rect, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rect.x, rect.y, rect.width, rect.height)
    cairo_clip(context)
    drawing()
    cairo_restore(context)
  }

  /// Runs a drawing with the origin moved to a point.
  func moved(to point: Point, _ drawing: () -> Void) {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    drawing()
    cairo_restore(context)
  }
}

/// The texts and shapes drawn on a canvas: rectangles in points of the page.
package final class DrawingRecord {
  /// A text that was drawn.
  package struct Text {
    package var words: String
    /// The bounding box of its ink.
    package var ink: Rect
    /// The clip rectangle when it was drawn.
    package var clip: Rect
    /// Whether it was shortened and ends in "…".
    package var isCut: Bool
  }

  package private(set) var texts: [Text] = []
  /// The bounding boxes of lines, discs and areas.
  package private(set) var marks: [Rect] = []

  package init() {}

  /// Records a text drawn with its top left corner at a point in the context's current coordinates.
  func note(_ text: ShapedText, at point: Point, _ context: OpaquePointer) {
    var ink = PangoRectangle(), logical = PangoRectangle()
    pango_layout_get_extents(text.layout, &ink, &logical)
    guard ink.width > 0, ink.height > 0 else { return }
    let unit = Double(PANGO_SCALE)
    let rect = Rect(
      x: point.x + Double(ink.x) / unit, y: point.y + Double(ink.y) / unit, width: Double(ink.width) / unit,
      height: Double(ink.height) / unit)
    texts.append(
      Text(
        words: pango_layout_get_text(text.layout).map { String(cString: $0) } ?? "", ink: Self.onPage(rect, context),
        clip: Self.clip(context), isCut: text.isCut))
  }

  /// Records the visible part of a mark that fills a rectangle in the context's current coordinates.
  func note(_ rect: Rect, _ context: OpaquePointer) {
    let place = Self.onPage(rect, context), clip = Self.clip(context)
    let (left, top) = (max(place.x, clip.x), max(place.y, clip.y))
    marks.append(
      Rect(
        x: left, y: top, width: max(min(place.maxX, clip.maxX) - left, 0),
        height: max(min(place.maxY, clip.maxY) - top, 0)))
  }

  private static func clip(_ context: OpaquePointer) -> Rect {
    var (left, top, right, bottom) = (0.0, 0.0, 0.0, 0.0)
    cairo_clip_extents(context, &left, &top, &right, &bottom)
    return onPage(Rect(x: left, y: top, width: right - left, height: bottom - top), context)
  }

  /// The bounding box on the page of a rectangle that may be rotated.
  private static func onPage(_ rect: Rect, _ context: OpaquePointer) -> Rect {
    let corners = [(rect.x, rect.y), (rect.maxX, rect.y), (rect.x, rect.maxY), (rect.maxX, rect.maxY)].map { corner in
      var (x, y) = corner
      cairo_user_to_device(context, &x, &y)
      return Point(x: x, y: y)
    }
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
    return Rect(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
  }
}

extension ShapedText {
  /// The left edge of a part of the text, in points; nil if the text does not contain it.
  package func x(of part: String) -> Double? {
    guard let words = pango_layout_get_text(layout).map({ Array(String(cString: $0).utf8) }),
      let range = words.firstRange(of: Array(part.utf8))
    else { return nil }
    var left = Double.infinity
    for index in range {
      var place = PangoRectangle()
      pango_layout_index_to_pos(layout, Int32(index), &place)
      // A letter written from right to left has a negative width.
      left = min(left, Double(min(place.x, place.x + place.width)) / Double(PANGO_SCALE))
    }
    return left
  }
}
