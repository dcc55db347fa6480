internal import Bytes
internal import Inputs

/// The role of a scalar in the form of a text.
enum ScalarKind: UInt8 {
  case blank
  /// White space other than the blank.
  case otherBlank
  /// A control or format character or U+FFFD; also a mark or an ignorable scalar that belongs to no character.
  case invisible
  /// A scalar that readers ignore if they do not know it, such as a variation selector. Its effect depends on the
  /// scalar before it, so ``StrayScalars`` replaces all of them.
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

  /// Whether it identifies a script.
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
    // Arabic signs that enclose the following numbers are visible, although their category is format.
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
    // ASCII signs ($, +, <, =, ~ …) are punctuation; (c) and (r) are symbols, not pictures.
    if scalar.isASCII { return .mark }
    return properties.isEmoji && scalar.value >= 0x2000 ? .emoji : .symbol
  }
}

/// The character of an HTML entity.
enum EntityKind {
  /// A visible character or a blank.
  case seen
  /// An invisible character: `&#8203;`.
  case invisible
  /// An entity that the step `unescape-html` does not know.
  case unknown

  /// Reads an entity, from `&` to `;`.
  init(_ entity: [Unicode.Scalar]) {
    let meant = TextStep.unescapeHTML.apply(to: entity)
    if meant == entity {
      self = .unknown
    } else {
      let isInvisible = meant.contains { [.invisible, .ignorable].contains(ScalarKind.of($0)) }
      self = isInvisible ? .invisible : .seen
    }
  }
}

extension String {
  /// The text with invisible characters spelled by code point: `yes<U+200B>`; a text of nothing else as `U+200B
  /// U+FE0F`. This includes marks in their proper place, such as a selector after its emoji. O(scalars).
  package var spelled: String { spelled(asWord: false) }

  /// A word in which everything is spelled out that distinguishes it from a word that looks the same: invisible
  /// characters, marks that could be part of their letter or are in an unusual order, and letters of other scripts in a
  /// Latin word. O(scalars).
  package var spelledWord: String { spelled(asWord: true) }

  /// The text, such as a file name, with invisible and control characters spelled by code point. O(scalars).
  package var spelledName: String {
    rewritten { $0.properties.isDefaultIgnorableCodePoint && !$0.isTerminalControl }
  }

  private func spelled(asWord: Bool) -> String {
    if utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) { return self }
    let scalars = Array(unicodeScalars), kinds = StrayScalars.kinds(scalars)
    func isInvisible(_ place: Int) -> Bool {
      switch kinds[place] {
      case .blank, .otherBlank, .invisible: true
      default: scalars[place].properties.isDefaultIgnorableCodePoint
      }
    }
    if !isEmpty, scalars.indices.allSatisfy(isInvisible) { return scalars.map(\.codePoint).joined(separator: " ") }
    let letters = asWord ? LookalikeLetters(scalars, kinds) : nil
    var spelled = ""
    for (place, scalar) in scalars.enumerated() {
      let isSpelled =
        kinds[place] == .invisible && scalar.value != 0xFFFD || scalar.properties.isDefaultIgnorableCodePoint
        || letters.map { !$0.signs(at: place).isEmpty } ?? false
      if isSpelled { spelled += "<\(scalar.codePoint)>" } else { spelled.unicodeScalars.append(scalar) }
    }
    return spelled
  }

  private func rewritten(_ isSpelled: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isSpelled) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if isSpelled(scalar) { result += "<\(scalar.codePoint)>" } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
