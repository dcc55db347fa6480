import CCairo

/// The script that a letter is written in, by Unicode's property as GLib knows it.
enum Script {
  /// The script's four letters (ISO 15924) as one number; `nil` for what all scripts share.
  static func code(of scalar: Unicode.Scalar) -> UInt32? {
    if scalar.value < 128 { return latin }
    let script = g_unichar_get_script(scalar.value)
    if script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED || script == G_UNICODE_SCRIPT_UNKNOWN {
      return nil
    }
    return g_unicode_script_to_iso15924(script)
  }

  static let latin = code("Latn"), han = code("Hani")
  static let kana: Set<UInt32> = [code("Hira"), code("Kana")]

  /// The name of a code; its four letters where it has no name here.
  static func name(_ code: UInt32) -> String {
    let letters = String(
      decoding: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> UInt32($0)) }, as: UTF8.self)
    return names[letters] ?? letters
  }

  /// Four letters as GLib packs them.
  static func code(_ letters: StaticString) -> UInt32 {
    letters.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt32($1) } }
  }

  private static let names = [
    "Latn": "Latin", "Cyrl": "Cyrillic", "Grek": "Greek", "Arab": "Arabic", "Hebr": "Hebrew", "Deva": "Devanagari",
    "Beng": "Bengali", "Guru": "Gurmukhi", "Gujr": "Gujarati", "Orya": "Odia", "Taml": "Tamil", "Telu": "Telugu",
    "Knda": "Kannada", "Mlym": "Malayalam", "Sinh": "Sinhala", "Thai": "Thai", "Laoo": "Lao", "Tibt": "Tibetan",
    "Mymr": "Myanmar", "Geor": "Georgian", "Armn": "Armenian", "Ethi": "Ethiopic", "Khmr": "Khmer",
    "Mong": "Mongolian", "Hang": "Hangul", "Hani": "Han", "Hira": "Hiragana", "Kana": "Katakana", "Bopo": "Bopomofo",
    "Thaa": "Thaana", "Cher": "Cherokee", "Cans": "Canadian syllabics", "Yiii": "Yi", "Copt": "Coptic",
  ]
}
