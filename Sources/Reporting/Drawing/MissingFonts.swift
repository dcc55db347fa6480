import CCairo
import Synchronization

/// The characters that this process was to draw and that no installed font has.
///
/// Pango would draw each as a box. The typesetter draws escapes instead and collects the characters here, because every
/// document has a typesetter of its own.
package enum MissingFonts {
  private static let missing = Mutex<Set<Unicode.Scalar>>([])

  /// A sentence for the user that names the characters and Debian's packages of fonts; `nil` if none is missing.
  package static var notice: String? {
    let all = missing.withLock { $0.sorted() }
    guard !all.isEmpty else { return nil }
    let named = all.prefix(5).map { "U+" + code($0) }.joined(separator: ", ")
    return "no installed font has \(all.count == 1 ? "the character" : "\(all.count) characters"), such as \(named); "
      + "they are drawn as escapes; install fonts, on Debian with apt install \(packages(for: all).joined(separator: " "))"
  }

  /// Debian's packages with fonts for these characters.
  package static func packages(for characters: [Unicode.Scalar]) -> [String] {
    Set(characters.map(package(of:))).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The text of a layout with an escape for each character that no font has, or `nil` if none is missing.
  ///
  /// - Complexity: O(glyphs) only if some are missing.
  static func escaping(_ text: String, of layout: OpaquePointer) -> String? {
    guard pango_layout_get_unknown_glyphs_count(layout) > 0 else { return nil }
    let found = unknown(layout)
    guard !found.isEmpty else { return nil }
    missing.withLock { $0.formUnion(found) }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if found.contains(scalar) {
        escaped.append(contentsOf: "\\u{\(code(scalar))}".unicodeScalars)
      } else {
        escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  private static func code(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16, uppercase: true) }

  private static func unknown(_ layout: OpaquePointer) -> Set<Unicode.Scalar> {
    var found: Set<Unicode.Scalar> = []
    let iterator = pango_layout_get_iter(layout)
    defer { pango_layout_iter_free(iterator) }
    repeat {
      guard let glyphs = pango_layout_iter_get_run_readonly(iterator)?.pointee.glyphs else { continue }
      for index in 0..<Int(glyphs.pointee.num_glyphs) {
        // PANGO_GLYPH_UNKNOWN_FLAG, with the code point in the other bits.
        let glyph = glyphs.pointee.glyphs[index].glyph
        if glyph & 0x1000_0000 != 0, let scalar = Unicode.Scalar(glyph & 0x0FFF_FFFF) { found.insert(scalar) }
      }
    } while pango_layout_iter_next_run(iterator) != 0
    return found
  }

  private static func package(of character: Unicode.Scalar) -> String {
    switch g_unichar_get_script(character.value) {
    case G_UNICODE_SCRIPT_HAN, G_UNICODE_SCRIPT_HIRAGANA, G_UNICODE_SCRIPT_KATAKANA, G_UNICODE_SCRIPT_HANGUL,
      G_UNICODE_SCRIPT_BOPOMOFO:
      "fonts-noto-cjk"
    default:
      switch character.value {
      case 0x3000...0x303F, 0xFF00...0xFFEF: "fonts-noto-cjk"
      case 0x2600... where character.properties.isEmoji: "fonts-noto-color-emoji"
      default: "fonts-noto-core"
      }
    }
  }
}
