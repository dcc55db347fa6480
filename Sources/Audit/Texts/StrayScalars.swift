/// Tells which marks and which scalars that are not drawn belong to what stands before them.
///
/// An accent belongs to its letter, a variation selector to its emoji, a joiner to the emoji it joins or to a letter of a
/// script that needs it. Where they follow nothing of the kind, they are left over: mostly of a sign that was cut out.
struct StrayScalars {
  private let scalars: [Unicode.Scalar]
  private var kinds: [ScalarKind]

  /// The kinds of a text's scalars; what is left over is ``ScalarKind/invisible``. O(scalars).
  static func kinds(_ scalars: [Unicode.Scalar]) -> [ScalarKind] {
    var kinds = scalars.map(ScalarKind.of)
    guard kinds.contains(where: { $0 == .combining || $0 == .ignorable }) else { return kinds }
    var stray = StrayScalars(scalars: scalars, kinds: kinds)
    stray.settle()
    kinds = stray.kinds
    return kinds
  }

  private mutating func settle() {
    // Whether something stands before that can carry marks.
    var hasBase = false
    for place in kinds.indices {
      switch kinds[place] {
      case .blank, .invisible: hasBase = false
      // The blank that does not break is how a mark is shown by itself.
      case .otherBlank: hasBase = scalars[place].value == 0xA0
      case .combining: if !hasBase { kinds[place] = .invisible }
      case .ignorable: kinds[place] = belongs(place, hasBase: hasBase) ? .combining : .invisible
      case .small, .capital, .letter, .digit, .mark, .emoji, .symbol: hasBase = true
      }
    }
  }

  /// The scalar before a place, unless it is a blank or left over itself.
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
      guard let before else { return false }
      // Of a digit only a keycap is made.
      if before.isASCII { return before.properties.isEmoji && after?.value == 0x20E3 }
      return before.properties.isEmoji || kinds[place - 1] == .symbol
    case 0xFE00...0xFE0D:
      return before.map { $0 == "0" || !$0.isASCII && !$0.properties.isCased } ?? false
    case 0xE0100...0xE01EF: return before?.properties.isIdeographic ?? false
    case 0x180B...0x180F: return before.map { (0x1800...0x18AF).contains($0.value) } ?? false
    case 0x200D: return joinsEmoji(place) || [before, after].contains(where: Self.isOfJoiningScript)
    case 0x200C: return [before, after].contains(where: Self.isOfJoiningScript)
    case 0x200B: return [before, after].contains(where: Self.isOfScriptWithoutBlanks)
    case 0x034F: return hasBase && after.map { ScalarKind.of($0).isWord } ?? false
    case 0x115F, 0x1160: return [before, after].contains(where: Self.isJamo)
    case 0x17B4, 0x17B5: return before.map { (0x1780...0x17FF).contains($0.value) } ?? false
    // The letters of a flag's region, behind a black flag.
    case 0xE0020...0xE007F: return before.map { $0.value == 0x1F3F4 || (0xE0020...0xE007E).contains($0.value) } ?? false
    default: return false
    }
  }

  private func joinsEmoji(_ place: Int) -> Bool {
    guard let before = before(place), let after = after(place) else { return false }
    func isEmoji(_ scalar: Unicode.Scalar) -> Bool { !scalar.isASCII && scalar.properties.isEmoji }
    return isEmoji(after) && (isEmoji(before) || before.value == 0xFE0F || (0xE0020...0xE007F).contains(before.value))
  }

  /// Whether joiners change how a script is written: Arabic and its kin, and the scripts that come from Brahmi.
  private static func isOfJoiningScript(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar, !scalar.isASCII, ScalarKind.of(scalar).isWord else { return false }
    // Marks that many scripts share, such as Arabic vowel signs, have no script of their own.
    if (0x0600...0x08FF).contains(scalar.value) || (0x0900...0x109F).contains(scalar.value) { return true }
    return Script.code(of: scalar).map { !unjoined.contains($0) } ?? false
  }

  /// Whether words of a script follow each other without blanks, so that their borders may be marked.
  private static func isOfScriptWithoutBlanks(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.flatMap { Script.code(of: $0) }.map { withoutBlanks.contains($0) } ?? false
  }

  private static func isJamo(_ scalar: Unicode.Scalar?) -> Bool {
    switch scalar?.value ?? 0 {
    case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: true
    default: false
    }
  }

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

extension String {
  /// The text with what cannot be seen spelled by code point: `yes<U+200B>`; a text of nothing else as `U+200B U+FE0F`.
  /// O(scalars).
  package var spelled: String {
    if utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return self }
    let scalars = Array(unicodeScalars), kinds = StrayScalars.kinds(scalars)
    func isUnseen(_ kind: ScalarKind) -> Bool { kind == .invisible || kind == .blank || kind == .otherBlank }
    if !isEmpty, kinds.allSatisfy(isUnseen) { return scalars.map(\.codePoint).joined(separator: " ") }
    guard kinds.contains(.invisible) else { return self }
    var spelled = ""
    for (scalar, kind) in zip(scalars, kinds) {
      if kind == .invisible, scalar.value != 0xFFFD {
        spelled += "<\(scalar.codePoint)>"
      } else {
        spelled.unicodeScalars.append(scalar)
      }
    }
    return spelled
  }
}
