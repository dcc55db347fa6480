/// The classes of scalars that BERT's tokenizer knows.
///
/// The tokenizers that models were trained with carry the general categories of Unicode 8; a scalar assigned
/// later is to them a plain letter. So a category counts only where the scalar is that old.
enum ScalarClass {
  /// The version of Unicode whose categories count.
  static let version = 8

  /// The category that a scalar older than Unicode 9 had in Unicode 8, where it has another since.
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

  /// Whether clean-up removes a scalar: controls but tab and line ends, formats, private use, NUL and U+FFFD.
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

  /// Whether a scalar is a word of its own: punctuation, and the symbols of ASCII.
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

  /// Whether a scalar lies in the blocks of Chinese characters, each of which is a word of its own.
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
