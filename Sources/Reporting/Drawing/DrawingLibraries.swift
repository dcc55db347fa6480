import Bytes
import CCairo

/// The versions and fonts that determine how pages look on this machine.
package enum DrawingLibraries {
  /// Pango's version, as loaded.
  package static var pangoVersion: String { String(cString: pango_version_string()) }

  /// Cairo's version, as loaded.
  package static var cairoVersion: String { String(cString: cairo_version_string()) }

  /// The names of the installed font families, sorted by their bytes.
  package static func fontFamilies() -> [String] {
    FontLanguage.fix()
    guard let map = pango_cairo_font_map_get_default() else { return [] }
    var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
    var count: Int32 = 0
    pango_font_map_list_families(map, &families, &count)
    defer { g_free(families) }
    guard let families, count > 0 else { return [] }
    var names = UnsafeBufferPointer(start: families, count: Int(count)).compactMap { family in
      family.flatMap { pango_font_family_get_name($0) }.map { String(cString: $0) }
    }
    // Pango adds these aliases, which are not fonts.
    names.removeAll { ["Monospace", "Sans", "Serif", "System-ui"].contains($0) }
    return names.sorted { ByteText($0) < ByteText($1) }
  }

  /// The installed families among those that reports use.
  package static func reportFonts() -> [String] {
    let found = Set(fontFamilies().map { ByteText($0) })
    return wanted.filter { found.contains(ByteText($0)) }
  }

  private static let wanted = [
    "Noto Sans", "DejaVu Sans", "DejaVu Sans Mono", "Noto Sans CJK JP", "Noto Sans Arabic",
    "Noto Color Emoji",
  ]
}
