/// What a scalar is to whoever looks at a text's form.
enum ScalarKind: UInt8 {
  case blank
  /// White space other than the blank.
  case otherBlank
  /// A control, a format character or U+FFFD; and a mark or an ignorable scalar that belongs to nothing.
  case invisible
  /// One that readers ignore where they do not know it, such as a variation selector: what it is depends on what it
  /// stands behind, so ``StrayScalars`` leaves none.
  case ignorable
  case small, capital
  /// A letter without case.
  case letter
  /// A mark that belongs to the letter before it.
  case combining
  case digit, mark, emoji, symbol

  /// Whether it is part of a word.
  var isWord: Bool {
    switch self {
    case .small, .capital, .letter, .combining, .digit: true
    default: false
    }
  }

  /// Whether a script can be told by it.
  var isLetter: Bool { self == .small || self == .capital || self == .letter }

  private static let ascii: [ScalarKind] = (0..<128).map { of(slowly: Unicode.Scalar(UInt8($0))) }

  static func of(_ scalar: Unicode.Scalar) -> ScalarKind {
    scalar.value < 128 ? ascii[Int(scalar.value)] : of(slowly: scalar)
  }

  private static func of(slowly scalar: Unicode.Scalar) -> ScalarKind {
    if scalar == " " { return .blank }
    let properties = scalar.properties
    if properties.isWhitespace { return .otherBlank }
    // The braille pattern without dots looks like a blank, but programs do not treat it as one.
    if properties.isDefaultIgnorableCodePoint || scalar.value == 0x2800 { return .ignorable }
    switch properties.generalCategory {
    // Signs of Arabic that span the numbers behind them are drawn, though their category is format.
    case .format where !(0xFFF9...0xFFFB).contains(scalar.value): return .symbol
    case .control, .format, .privateUse, .surrogate, .unassigned: return .invisible
    case .uppercaseLetter, .titlecaseLetter: return .capital
    case .lowercaseLetter: return .small
    case .otherLetter, .modifierLetter: return .letter
    case .nonspacingMark, .spacingMark, .enclosingMark: return .combining
    case .decimalNumber, .letterNumber, .otherNumber: return .digit
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      return .mark
    default: break
    }
    if scalar.value == 0xFFFD { return .invisible }
    // The signs of ASCII ($, +, <, =, ~ …) are marks; (c) and (r) are symbols, not pictures.
    if scalar.isASCII { return .mark }
    return properties.isEmoji && scalar.value >= 0x2000 ? .emoji : .symbol
  }
}
