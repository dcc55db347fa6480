import CGlib

/// The script that a letter is written in, by Unicode's property as GLib knows it.
enum Script {
  /// The script's four letters (ISO 15924) as one number; `nil` for characters that all scripts share.
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

  /// The name of a code; its four letters if there is no name.
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

/// Counts the scripts of texts' letters.
package struct ScriptTally {
  private var posts: [String: Int] = [:]
  private var letters: [String: Int] = [:]
  private var withoutLetters = 0
  private var mixed = 0

  package init() {}

  package mutating func add(_ scan: TextScan) {
    guard scan.characters > 0 else { return }
    guard !scan.scripts.isEmpty else {
      withoutLetters += 1
      return
    }
    // Japanese is written in Han and kana together.
    let hasKana = scan.scripts.keys.contains(where: Script.kana.contains)
    var own: [String: Int] = [:]
    for (code, count) in scan.scripts {
      let isJapanese = hasKana && (code == Script.han || Script.kana.contains(code))
      own[isJapanese ? "Han and kana" : Script.name(code), default: 0] += count
    }
    if own.count > 1 { mixed += 1 }
    for (name, count) in own { letters[name, default: 0] += count }
    if let main = own.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) { posts[main.key, default: 0] += 1 }
  }

  package var summary: ScriptSummary {
    let scripts = letters.map { ScriptSummary.Script(name: $0.key, posts: posts[$0.key] ?? 0, letters: $0.value) }
    return ScriptSummary(
      scripts: scripts.sorted { ($1.posts, $1.letters, $0.name) < ($0.posts, $0.letters, $1.name) },
      withoutLetters: withoutLetters, mixed: mixed)
  }
}

/// Finds letters that look like others but have another code point: readers cannot distinguish them, but a tokenizer
/// does.
struct LookalikeLetters {
  private let scalars: [Unicode.Scalar]
  private let kinds: [ScalarKind]
  /// By place, whether its word has Latin letters.
  private let isInLatin: [Bool]

  /// Looks at a text. O(scalars).
  init(_ scalars: [Unicode.Scalar], _ kinds: [ScalarKind]) {
    (self.scalars, self.kinds) = (scalars, kinds)
    var isInLatin = [Bool](repeating: false, count: scalars.count)
    var start = 0
    while start < scalars.count {
      var end = start, hasLatin = false
      while end < scalars.count, kinds[end].isWord {
        if kinds[end].isLetter, !hasLatin { hasLatin = Script.code(of: scalars[end]) == Script.latin }
        end += 1
      }
      if hasLatin { for place in start..<end { isInLatin[place] = true } }
      start = max(end, start + 1)
    }
    self.isInLatin = isInLatin
  }

  /// The effect of a scalar on its word; most have none.
  func signs(at place: Int) -> [TextCue] {
    let scalar = scalars[place]
    if scalar.isASCII { return [] }
    var signs: [TextCue] = []
    if kinds[place].isLetter, isInLatin[place], Script.code(of: scalar).map(Self.lookalikes.contains) ?? false {
      signs.append(.mixedWord)
    }
    if kinds[place].isLetter, isCompatible(scalar) { signs.append(.compatibleLetter) }
    if kinds[place] == .combining || kinds[place].isLetter, place > 0, kinds[place - 1].isWord {
      let before = scalars[place - 1]
      if Self.compose(before, scalar) { signs.append(.decomposed) }
      let order = scalar.properties.canonicalCombiningClass.rawValue
      if order > 0, before.properties.canonicalCombiningClass.rawValue > order { signs.append(.unusualOrder) }
    }
    return signs
  }

  /// Whether a letter is a compatibility form of a single other letter, as the Kelvin sign is of K.
  private func isCompatible(_ scalar: Unicode.Scalar) -> Bool {
    // Ordinals in Spanish and Portuguese, and small phonetic letters, are intended.
    if scalar.properties.generalCategory == .modifierLetter || scalar.value == 0xAA || scalar.value == 0xBA {
      return false
    }
    var (one, none): (gunichar, gunichar) = (0, 0)
    if g_unichar_decompose(scalar.value, &one, &none) != 0, none == 0 { return true }
    var parts = [gunichar](repeating: 0, count: 18)
    let count = g_unichar_fully_decompose(scalar.value, 1, &parts, gsize(parts.count))
    return count == 1 && parts[0] != scalar.value
  }

  private static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
    var composed: gunichar = 0
    return g_unichar_compose(first.value, second.value, &composed) != 0
  }

  /// Scripts with letters that look like Latin ones.
  private static let lookalikes = Set(
    (["Cyrl", "Grek", "Armn", "Cher", "Copt", "Lisu"] as [StaticString]).map { Script.code($0) })
}
