import CCairo

/// What was drawn on a canvas, and where: rectangles in points of the page.
package final class DrawingRecord {
  /// A text.
  package struct Text {
    package var words: String
    /// Where its ink is.
    package var ink: Rect
    /// What of the page was open to it.
    package var clip: Rect
    /// Whether it ends in "…" for want of room.
    package var isCut: Bool
  }

  package private(set) var texts: [Text] = []
  /// Lines, discs and areas.
  package private(set) var marks: [Rect] = []

  package init() {}

  /// Notes a text that is drawn with its top left corner at the origin of the context's present coordinates.
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

  /// Notes a mark that fills a rectangle of the context's present coordinates, as far as it shows.
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

  /// The rectangle around a rectangle that may be turned.
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
  /// Where a part of the text begins at the left, in points; `nil` where it is not in it.
  package func x(of part: String) -> Double? {
    guard let words = pango_layout_get_text(layout).map({ Array(String(cString: $0).utf8) }),
      let range = words.firstRange(of: Array(part.utf8))
    else { return nil }
    var left = Double.infinity
    for index in range {
      var place = PangoRectangle()
      pango_layout_index_to_pos(layout, Int32(index), &place)
      // A letter that runs from right to left has a negative width.
      left = min(left, Double(min(place.x, place.x + place.width)) / Double(PANGO_SCALE))
    }
    return left
  }
}
