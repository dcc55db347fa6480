import Foundation

/// The classes of scalars that BERT's tokenizer knows.
///
/// The tokenizers used to train the models have the general categories of Unicode 8; they treat a scalar assigned later
/// as a plain letter. So a category counts only if the scalar is that old.
enum ScalarClass {
  /// The version of Unicode whose categories count.
  static let version = 8

  /// The category that a scalar had in Unicode 8, if it has changed since.
  private static func former(_ scalar: Unicode.Scalar) -> Unicode.GeneralCategory? {
    switch scalar.value {
    case 0x166D: .otherPunctuation  // CANADIAN SYLLABICS CHI SIGN, a symbol since 12
    case 0x1734: .nonspacingMark  // HANUNOO SIGN PAMUDPOD, a spacing mark since 14
    case 0x1885: .otherLetter  // MONGOLIAN LETTER ALI GALI BALUDA, a nonspacing mark since 9
    case 0x1886: .otherLetter  // MONGOLIAN LETTER ALI GALI THREE BALUDA, a nonspacing mark since 9
    case 0xA9BD: .spacingMark  // JAVANESE CONSONANT SIGN KERET, a nonspacing mark since 11
    case 0x111C9: .otherPunctuation  // SHARADA SANDHI MARK, a nonspacing mark since 11
    case 0x1171E: .nonspacingMark  // AHOM CONSONANT SIGN MEDIAL RA, a spacing mark since 14
    default: nil
    }
  }

  /// The general category a scalar had in Unicode 8; `unassigned` for those that came later.
  static func category(of scalar: Unicode.Scalar) -> Unicode.GeneralCategory {
    if let category = former(scalar) { return category }
    guard let age = scalar.properties.age, age.major <= version else { return .unassigned }
    return scalar.properties.generalCategory
  }

  /// Whether clean-up removes a scalar: controls except tab and line ends, formats, private use, NUL and U+FFFD.
  static func isRemoved(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t", "\n", "\r": false
    case "\0", "\u{FFFD}": true
    default:
      switch category(of: scalar) {
      case .control, .format, .privateUse: true
      default: false
      }
    }
  }

  /// Whether a scalar is a separate word: punctuation, and ASCII symbols.
  static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return switch scalar {
      case "!"..."/", ":"..."@", "["..."`", "{"..."~": true
      default: false
      }
    }
    return switch category(of: scalar) {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }

  /// Whether accent stripping removes a scalar.
  static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
    category(of: scalar) == .nonspacingMark
  }

  /// Whether a scalar is in the blocks of Chinese characters, each of which is a separate word.
  ///
  /// Kana and Hangul are not among them. The block of extension E begins one row late, as in the original.
  static func isChinese(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
      0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0x2F800...0x2FA1F:
      true
    default: false
    }
  }
}

/// Canonical decomposition (NFD) of single scalars, and the order of the marks after a base.
///
/// The reference tokenizer normalises by Unicode 9; scalars assigned later neither decompose nor move.
enum CanonicalDecomposition {
  /// The version of Unicode whose decompositions count.
  static let version = 9

  /// A scalar's full canonical decomposition, or the scalar itself if it has none.
  static func scalars(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
    switch scalar.value {
    case ..<0xC0: [scalar]
    case 0x3400..<0xA000: [scalar]
    default:
      isKnown(scalar)
        ? Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars) : [scalar]
    }
  }

  /// The rank of a combining scalar among those after one base; 0 for a base.
  static func combiningClass(of scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.value >= 0x300, isKnown(scalar) else { return 0 }
    return scalar.properties.canonicalCombiningClass.rawValue
  }

  static func isKnown(_ scalar: Unicode.Scalar) -> Bool {
    guard let age = scalar.properties.age else { return false }
    return age.major <= version
  }
}

/// The letters of Hangul syllables, by the arithmetic of the Unicode standard, section 3.12.
///
/// Canonical decomposition converts a syllable to its letters; computing eleven thousand of them is better than a
/// table.
enum HangulSyllable {
  /// The code points of the syllables.
  static let range: ClosedRange<UInt32> = 0xAC00...0xD7A3

  /// Passes on a syllable's leading consonant, its vowel, and its trailing consonant if it has one.
  static func forEachLetter(of syllable: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    let (leading, rest) = (syllable.value - range.lowerBound).quotientAndRemainder(dividingBy: 21 * 28)
    let (vowel, trailing) = rest.quotientAndRemainder(dividingBy: 28)
    if let letter = Unicode.Scalar(0x1100 + leading) { body(letter) }
    if let letter = Unicode.Scalar(0x1161 + vowel) { body(letter) }
    if trailing > 0, let letter = Unicode.Scalar(0x11A7 + trailing) { body(letter) }
  }
}
