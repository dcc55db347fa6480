import CCairo

/// A text that has been shaped: it knows its size and can be drawn.
package final class ShapedText {
  let layout: OpaquePointer
  let style: TextStyle
  /// The width it was set to; `nil` for a line that runs on.
  private let setWidth: Double?

  init(layout: OpaquePointer, style: TextStyle, setWidth: Double?) {
    self.layout = layout
    self.style = style
    self.setWidth = setWidth
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

  private var size: (width: Double, height: Double) {
    var width: Int32 = 0
    var height: Int32 = 0
    pango_layout_get_size(layout, &width, &height)
    return (Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
  }

  /// The width of the longest line, in points.
  package var width: Double { size.width }

  /// The height of all lines, in points.
  package var height: Double { size.height }

  /// How far the first baseline lies below the top.
  package var baseline: Double { Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE) }

  /// How many lines there are.
  package var lines: Int { Int(pango_layout_get_line_count(layout)) }

  /// How much higher all lines are than the first one alone, in points.
  var furtherHeight: Double { lines > 1 ? height * Double(lines - 1) / Double(lines) : 0 }

  /// Whether anything was cut.
  package var isCut: Bool { pango_layout_is_ellipsized(layout) != 0 }
}
