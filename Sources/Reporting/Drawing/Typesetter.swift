import Bytes
import CCairo
import Glibc
import Results

/// Shapes and measures text in any script with Pango; text is never read as markup.
///
/// It does not depend on the machine's locale: the language is fixed, hinting is off and positions are not rounded, so
/// the same text has the same shape wherever the same fonts are installed.
package final class Typesetter {
  /// The parts of every text to hide.
  package var redaction: Redaction = []
  private let context: OpaquePointer
  private var descriptions: [FontKey: OpaquePointer] = [:]

  private struct FontKey: Hashable {
    var size: Double
    var isBold: Bool
    var isMono: Bool
  }

  /// Prepares Pango.
  ///
  /// - Throws: `ReportingError.noFonts` on a machine without any font.
  package init() throws(ReportingError) {
    FontLanguage.fix()
    guard let map = pango_cairo_font_map_get_default(), !DrawingLibraries.fontFamilies().isEmpty,
      let context = pango_font_map_create_context(map)
    else { throw .noFonts }
    self.context = context
    pango_cairo_context_set_resolution(context, 72)
    pango_context_set_language(context, pango_language_from_string("en"))
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR)
    pango_context_set_round_glyph_positions(context, 0)
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
  }

  deinit {
    for description in descriptions.values { pango_font_description_free(description) }
    g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// Shapes a text.
  ///
  /// - Parameters:
  ///   - text: The text; control and direction characters, and those that no font has, are shown as escapes, and a very
  ///     long text is cut.
  ///   - style: Size, weight and colour.
  ///   - width: The width of lines; `nil` for a single line of any width.
  ///   - lines: The maximum number of lines; a longer text ends in "…".
  ///   - alignment: The alignment of lines within the width.
  /// - Returns: The shaped text; `nil` where Pango has no memory.
  package func shape(
    _ text: String, _ style: TextStyle, width: Double? = nil, lines: Int = 1, alignment: TextAlignment = .left
  ) -> ShapedText? {
    guard let layout = pango_layout_new(context) else { return nil }
    let line = DisplayText.sentence(redaction.hiding(text), limit: 400 * max(1, lines))
    // A Swift string is always valid UTF-8, and NUL has been escaped.
    pango_layout_set_text(layout, line, Int32(clamping: line.utf8.count))
    pango_layout_set_font_description(layout, description(of: style))
    // A sentence by clfa begins at the left even if it starts with a name; other text has its own direction.
    pango_layout_set_auto_dir(layout, line.unicodeScalars.contains(.isolate) ? 0 : 1)
    if let width {
      pango_layout_set_width(layout, Int32(clamping: Int(max(1, width) * Double(PANGO_SCALE))))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
      pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
      pango_layout_set_height(layout, -Int32(clamping: max(1, lines)))
      let first = pango_layout_get_line_readonly(layout, 0)
      let isRightToLeft = first.map { pango_layout_line_get_resolved_direction($0) == PANGO_DIRECTION_RTL }
      pango_layout_set_alignment(layout, alignment.pango(isRightToLeft: isRightToLeft ?? false))
    }
    if let escaped = MissingFonts.escaping(line, of: layout) {
      pango_layout_set_text(layout, escaped, Int32(clamping: escaped.utf8.count))
    }
    return ShapedText(layout: layout, style: style)
  }

  /// The width of a text on one line, in points.
  package func width(of text: String, _ style: TextStyle) -> Double { shape(text, style)?.width ?? 0 }

  private func description(of style: TextStyle) -> OpaquePointer? {
    let key = FontKey(size: style.size, isBold: style.isBold, isMono: style.isMono)
    if let description = descriptions[key] { return description }
    guard let description = pango_font_description_new() else { return nil }
    pango_font_description_set_family(
      description,
      style.isMono ? "DejaVu Sans Mono,Noto Sans Mono,monospace" : "Noto Sans,DejaVu Sans,sans-serif")
    pango_font_description_set_weight(description, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_absolute_size(description, style.size * Double(PANGO_SCALE))
    descriptions[key] = description
    return description
  }
}

/// The alignment of lines within their width, as the reader sees it, in any script.
package enum TextAlignment: Sendable {
  case left
  case centre
  case right

  /// Pango's left means the start of a line, so it is swapped for scripts written from right to left.
  func pango(isRightToLeft: Bool) -> PangoAlignment {
    switch self {
    case .left: isRightToLeft ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT
    case .centre: PANGO_ALIGN_CENTER
    case .right: isRightToLeft ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT
    }
  }
}

/// A text after shaping, with its size, ready to be drawn.
package final class ShapedText {
  let layout: OpaquePointer
  let style: TextStyle

  init(layout: OpaquePointer, style: TextStyle) { (self.layout, self.style) = (layout, style) }

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

  /// The distance of the first baseline from the top, in points.
  package var baseline: Double { Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE) }

  /// The number of lines.
  package var lines: Int { Int(pango_layout_get_line_count(layout)) }

  /// The height of all lines after the first, in points.
  var furtherHeight: Double { lines > 1 ? height * Double(lines - 1) / Double(lines) : 0 }

  /// Whether the text was shortened and ends in "…".
  package var isCut: Bool { pango_layout_is_ellipsized(layout) != 0 }
}

/// A style of text in a report.
package struct TextStyle: Equatable, Sendable {
  /// The size in points.
  package var size: Double
  package var isBold = false
  /// Whether the font has a fixed width, for commands.
  package var isMono = false
  package var colour: Colour = Palette.ink

  func bold() -> TextStyle {
    var style = self
    style.isBold = true
    return style
  }

  func colour(_ colour: Colour) -> TextStyle {
    var style = self
    style.colour = colour
    return style
  }

  func size(_ size: Double) -> TextStyle {
    var style = self
    style.size = size
    return style
  }

  package static let title = TextStyle(size: 21, isBold: true)
  package static let heading = TextStyle(size: 11.5, isBold: true)
  package static let body = TextStyle(size: 9)
  package static let small = TextStyle(size: 8)
  package static let note = TextStyle(size: 8, colour: Palette.muted)
  package static let tiny = TextStyle(size: 7, colour: Palette.muted)
  package static let code = TextStyle(size: 7.5, isMono: true, colour: Palette.muted)
}

/// The language that Pango and Fontconfig choose fonts by.
///
/// Both read the preferred languages from the environment once per process, which matters most for Han characters. A
/// page must look the same in every locale, so the environment is set before they read it. Neither library has a
/// function for this.
enum FontLanguage {
  /// Fixes the language once per process; must run before the first call to Pango.
  static func fix() { fixed }

  private static let fixed: Void = {
    for name in ["FC_LANG", "PANGO_LANGUAGE"] { setenv(name, "en", 1) }
  }()
}
