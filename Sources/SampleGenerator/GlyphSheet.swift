import Bytes
import CCairo

/// The emoji font's pictures, each rasterised once and cut to what is visible of it.
package final class GlyphSheet {
  /// The only font whose pictures are wanted: SIL Open Font License 1.1.
  package static let family = "Noto Color Emoji"

  /// The size of the font's own bitmaps, in pixels an em.
  private static let em = 109.0
  /// Room for any glyph of that size.
  private static let room: Int32 = 192

  private let font: String
  private let context: OpaquePointer
  private let description: OpaquePointer
  private var images: [Glyph: PictureCanvas] = [:]

  /// Asks Pango for the font.
  ///
  /// - Parameter family: the font's family; tests ask for one that is not there.
  /// - Throws: `SampleGeneratorError.noFont` if another font would be drawn, `.drawing` if Pango has no memory.
  package init(family: String = GlyphSheet.family) throws(SampleGeneratorError) {
    font = family
    guard let map = pango_cairo_font_map_get_default(), let context = pango_font_map_create_context(map),
      let description = pango_font_description_new()
    else { throw .drawing(reason: "Pango does not start") }
    self.context = context
    self.description = description
    pango_cairo_context_set_resolution(context, 72)
    pango_font_description_set_family(description, family)
    pango_font_description_set_absolute_size(description, Self.em * Double(PANGO_SCALE))
    let nearest = pango_context_load_font(context, description)
    let found = nearest.flatMap(Self.family)
    if let nearest { g_object_unref(UnsafeMutableRawPointer(nearest)) }
    guard let found, ByteText(found) == ByteText(family) else { throw .noFont(family: family, found: found) }
  }

  deinit {
    pango_font_description_free(description)
    g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// A glyph's picture, no larger than what is visible of it.
  ///
  /// - Throws: `SampleGeneratorError.noGlyph` if the font lacks the glyph, `.drawing` if Cairo fails.
  package func image(of glyph: Glyph) throws(SampleGeneratorError) -> PictureCanvas {
    if let image = images[glyph] { return image }
    guard let layout = pango_layout_new(context) else { throw .drawing(reason: "out of memory") }
    defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
    pango_layout_set_font_description(layout, description)
    pango_layout_set_text(layout, glyph.character, Int32(glyph.character.utf8.count))
    // What a font lacks Pango takes from another, or draws as a box with the code point in it.
    let families = families(of: layout)
    guard !families.isEmpty, families.allSatisfy({ ByteText($0) == ByteText(font) }),
      pango_layout_get_unknown_glyphs_count(layout) == 0
    else { throw .noGlyph(name: glyph.name, family: font) }
    let canvas = try PictureCanvas(width: Self.room, height: Self.room, isTransparent: true)
    var extents = PangoRectangle()
    pango_layout_get_pixel_extents(layout, &extents, nil)
    cairo_move_to(
      canvas.context, Double((Self.room - extents.width) / 2 - extents.x),
      Double((Self.room - extents.height) / 2 - extents.y))
    pango_cairo_show_layout(canvas.context, layout)
    guard let image = try canvas.trimmed() else { throw .noGlyph(name: glyph.name, family: font) }
    images[glyph] = image
    return image
  }

  /// The families that the parts of a text would be drawn in.
  private func families(of layout: OpaquePointer) -> [String] {
    guard let iterator = pango_layout_get_iter(layout) else { return [] }
    defer { pango_layout_iter_free(iterator) }
    var names: [String] = []
    repeat {
      // A line ends in a run that is none.
      guard let run = pango_layout_iter_get_run_readonly(iterator), let item = run.pointee.item,
        let font = item.pointee.analysis.font
      else { continue }
      names.append(Self.family(of: font) ?? "")
    } while pango_layout_iter_next_run(iterator) != 0
    return names
  }

  private static func family(of font: UnsafeMutablePointer<PangoFont>) -> String? {
    guard let description = pango_font_describe(font) else { return nil }
    defer { pango_font_description_free(description) }
    return pango_font_description_get_family(description).map { String(cString: $0) }
  }
}
