import CCairo

/// Finds letters that look like others, though their code points differ: what the eye cannot tell apart, a tokenizer does.
struct WordLetters {
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

  /// What a scalar does to its word; most do nothing.
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

  /// Whether a letter stands for one other by Unicode's compatibility, as the Kelvin sign does for K.
  private func isCompatible(_ scalar: Unicode.Scalar) -> Bool {
    // Ordinals of Spanish and Portuguese, and small letters of phonetics, are meant.
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
