/// Determines which marks and invisible scalars belong to the character before them.
///
/// An accent belongs to its letter, a variation selector to its emoji, a joiner to the emoji or the letters that it
/// joins. After any other character they are stray, mostly left over from a removed symbol.
struct StrayScalars {
  private let scalars: [Unicode.Scalar]
  private var kinds: [ScalarKind]

  /// The kinds of a text's scalars; stray ones are ``ScalarKind/invisible``. O(scalars).
  static func kinds(_ scalars: [Unicode.Scalar]) -> [ScalarKind] {
    var kinds = scalars.map(ScalarKind.of)
    guard kinds.contains(where: { $0 == .combining || $0 == .ignorable }) else { return kinds }
    var stray = StrayScalars(scalars: scalars, kinds: kinds)
    stray.settle()
    kinds = stray.kinds
    return kinds
  }

  /// Whether a selector requests the emoji form of a symbol that has it anyway: `😂` with U+FE0F.
  static func isRedundant(_ scalar: Unicode.Scalar, behind before: Unicode.Scalar) -> Bool {
    scalar.value == 0xFE0F && before.properties.isEmojiPresentation
  }

  private mutating func settle() {
    // The index of the last character that can carry marks.
    var base: Int?
    for place in kinds.indices {
      switch kinds[place] {
      case .blank, .invisible: base = nil
      // The no-break space is used to show a mark on its own.
      case .otherBlank: base = scalars[place].value == 0xA0 ? place : nil
      case .combining: if !carries(base, place) { kinds[place] = .invisible }
      case .ignorable: kinds[place] = belongs(place, hasBase: base != nil) ? .combining : .invisible
      case .small, .capital, .letter, .digit, .mark, .emoji, .symbol: base = place
      }
    }
  }

  /// Whether a character carries the mark after it: a mark of one script needs a letter of that script, or a symbol of
  /// none.
  private func carries(_ base: Int?, _ place: Int) -> Bool {
    guard let base else { return false }
    let below = scalars[base], mark = scalars[place]
    let own = Self.script(ofMark: mark)
    if let own, let other = Script.code(of: below) {
      return own == other || Self.kin.contains { $0.contains(own) && $0.contains(other) }
    }
    guard kinds[base] == .mark else { return true }
    switch mark.value {
    // Keycaps of # and *; signs of comparison that are struck out.
    case 0x20E3: return below == "#" || below == "*"
    case 0x0338, 0x20D2: return "=<>~|".unicodeScalars.contains(below)
    default: return false
    }
  }

  /// The script of a mark; `nil` for one that many scripts share.
  private static func script(ofMark mark: Unicode.Scalar) -> UInt32? {
    switch mark.value {
    // Unicode calls these shared, although only Arabic and related scripts have them.
    case 0x064B...0x0655, 0x0670: arabic
    default: Script.code(of: mark)
    }
  }

  /// The scalar before a position, unless it is a blank or stray itself.
  private func before(_ place: Int) -> Unicode.Scalar? {
    guard place > 0 else { return nil }
    switch kinds[place - 1] {
    case .blank, .otherBlank, .invisible: return nil
    default: return scalars[place - 1]
    }
  }

  private func after(_ place: Int) -> Unicode.Scalar? { place + 1 < scalars.count ? scalars[place + 1] : nil }

  private func belongs(_ place: Int, hasBase: Bool) -> Bool {
    let before = before(place), after = after(place)
    switch scalars[place].value {
    case 0xFE0E, 0xFE0F:
      guard let before, before.properties.isEmoji else { return false }
      // A digit only forms keycaps.
      return !before.isASCII || after?.value == 0x20E3
    case 0xFE00...0xFE0D: return before.map(Self.hasVariants) ?? false
    case 0xE0100...0xE01EF: return before?.properties.isIdeographic ?? false
    case 0x180B...0x180F: return before.map { (0x1800...0x18AF).contains($0.value) } ?? false
    case 0x200D:
      // After a sign that removes a letter's vowel, even at the end of a word: it makes a half form.
      if let before, Self.isOfJoiningScript(before), before.properties.canonicalCombiningClass == .virama {
        return true
      }
      return joinsEmoji(place) || [before, after].allSatisfy(Self.isOfJoiningScript)
    case 0x200C: return [before, after].allSatisfy(Self.isOfJoiningScript)
    case 0x200B: return [before, after].allSatisfy(Self.isOfScriptWithoutBlanks)
    case 0x034F:
      // Before a mark it keeps marks in order; between letters only Hebrew uses it.
      guard hasBase, let after else { return false }
      return ScalarKind.of(after) == .combining
        || [before, after].allSatisfy { $0.flatMap(Script.code) == Self.hebrew }
    case 0x115F: return Self.isJamo(after)
    case 0x1160: return Self.isJamo(before)
    case 0x17B4, 0x17B5: return before.map { (0x1780...0x17FF).contains($0.value) } ?? false
    // The letters of a flag's region, after a black flag.
    case 0xE0020...0xE007F: return before.map { $0.value == 0x1F3F4 || (0xE0020...0xE007E).contains($0.value) } ?? false
    // The empty braille pattern, which is a blank between patterns.
    case 0x2800: return [before, after].contains { $0.map { (0x2801...0x28FF).contains($0.value) } ?? false }
    default: return false
    }
  }

  /// Whether Unicode has standardized variants of a character for U+FE00 to U+FE0D: by block, if most of it has some.
  private static func hasVariants(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x30, 0x2018, 0x2019, 0x201C, 0x201D, 0x2205, 0x2229, 0x222A, 0x2268, 0x2269, 0x2272, 0x2273, 0x228A, 0x228B,
      0x2293...0x2295, 0x2297, 0x229C, 0x22DA, 0x22DB, 0x2A3C, 0x2A3D, 0x2A9D, 0x2A9E, 0x2AAC, 0x2AAD, 0x2ACB, 0x2ACC:
      true
    // Marks of Chinese and Japanese in a corner or in the middle.
    case 0x3001, 0x3002, 0xFF01, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F: true
    // Myanmar, Phags-pa, Manichaean, hieroglyphs.
    case 0x1000...0x109F, 0xAA60...0xAA7F, 0xA840...0xA87F, 0x10AC0...0x10AFF, 0x13000...0x143FF: true
    default: scalar.properties.isIdeographic
    }
  }

  private func joinsEmoji(_ place: Int) -> Bool {
    guard let before = before(place), let after = after(place) else { return false }
    func isEmoji(_ scalar: Unicode.Scalar) -> Bool { !scalar.isASCII && scalar.properties.isEmoji }
    return isEmoji(after) && (isEmoji(before) || before.value == 0xFE0F || (0xE0020...0xE007F).contains(before.value))
  }

  /// Whether joiners affect how a script is written: Arabic and related scripts, and those derived from Brahmi.
  private static func isOfJoiningScript(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar, !scalar.isASCII, ScalarKind.of(scalar).isWord else { return false }
    // Marks that many scripts share, such as Arabic vowel signs, have no script of their own.
    if (0x0600...0x08FF).contains(scalar.value) || (0x0900...0x109F).contains(scalar.value) {
      return !(0x0E00...0x0EFF).contains(scalar.value)
    }
    return Script.code(of: scalar).map { !unjoined.contains($0) } ?? false
  }

  /// Whether words of a script follow each other without blanks, so that their boundaries may be marked.
  private static func isOfScriptWithoutBlanks(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.flatMap { Script.code(of: $0) }.map { withoutBlanks.contains($0) } ?? false
  }

  private static func isJamo(_ scalar: Unicode.Scalar?) -> Bool {
    switch scalar?.value ?? 0 {
    case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: true
    default: false
    }
  }

  private static let arabic = Script.code("Arab"), hebrew = Script.code("Hebr")
  /// Scripts that use each other's marks.
  private static let kin: [Set<UInt32>] = [
    Set((["Arab", "Syrc", "Mand", "Thaa", "Rohg"] as [StaticString]).map { Script.code($0) }),
    Set((["Grek", "Copt"] as [StaticString]).map { Script.code($0) }),
  ]
  private static let unjoined = Set(
    ([
      "Latn", "Grek", "Cyrl", "Hani", "Hang", "Hira", "Kana", "Bopo", "Hebr", "Armn", "Geor", "Ethi", "Cher", "Cans",
      "Yiii", "Copt", "Thai", "Laoo",
    ] as [StaticString]).map { Script.code($0) })
  private static let withoutBlanks = Set(
    (["Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Lana", "Tale", "Talu", "Java", "Bali", "Cham"] as [StaticString])
      .map { Script.code($0) })
}

extension Unicode.Scalar {
  /// `U+` and the number in hexadecimal, four digits at least.
  var codePoint: String {
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
