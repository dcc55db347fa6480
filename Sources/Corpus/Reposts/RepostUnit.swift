/// A unit of a text whose reposts are looked for: a scalar, or a byte of a text in ASCII.
protocol RepostUnit: Equatable {
  /// The scalar's number.
  var value: UInt32 { get }
  /// In lower case if it is a letter of ASCII.
  var lowered: UInt32 { get }
  /// Whether it counts: a letter with its accents, a digit, a pictogram or a currency. Signs of other kinds change on
  /// the way from one program to the next.
  var isOfWord: Bool { get }
  /// Whether it can be in a name behind `@`.
  var isOfName: Bool { get }
  var isWhitespace: Bool { get }
  var isQuotationMark: Bool { get }
  /// Whether it is a separate word.
  var isPictogram: Bool { get }
  /// Appends it in lower case and UTF-8, and returns the number of letters that this makes.
  func append(to letters: inout [UInt8]) -> Int
}

extension RepostUnit {
  var isASCII: Bool { value < 0x80 }
  var isLineEnd: Bool { value == 0x0A || value == 0x0D }

  /// Whether it is this sign of ASCII.
  @inline(__always) func isSign(_ sign: Unicode.Scalar) -> Bool { value == sign.value }

  /// Whether it is a letter of Chinese, Japanese or Korean.
  var isIdeographic: Bool {
    guard value >= 0x1100 else { return false }
    return switch value {
    case 0x1100...0x11FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x3FFFF: true
    default: false
    }
  }
}

/// A byte of a text in ASCII. No table of Unicode is asked.
extension UInt8: RepostUnit {
  var value: UInt32 { UInt32(self) }
  var lowered: UInt32 { 0x41 <= self && self <= 0x5A ? value | 0x20 : value }
  var isOfWord: Bool {
    0x61 <= (self | 0x20) && (self | 0x20) <= 0x7A || 0x30 <= self && self <= 0x39 || self == UInt8(ascii: "$")
  }
  var isOfName: Bool { self == UInt8(ascii: "_") || isOfWord && self != UInt8(ascii: "$") }
  var isWhitespace: Bool { self == 0x20 || 0x09 <= self && self <= 0x0D }
  var isQuotationMark: Bool { self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") }
  var isPictogram: Bool { false }

  func append(to letters: inout [UInt8]) -> Int {
    letters.append(UInt8(truncatingIfNeeded: lowered))
    return 1
  }
}

extension Unicode.Scalar: RepostUnit {
  var lowered: UInt32 { isASCII ? UInt8(truncatingIfNeeded: value).lowered : value }
  var isOfWord: Bool {
    if isASCII { return UInt8(truncatingIfNeeded: value).isOfWord }
    if properties.isDefaultIgnorableCodePoint { return false }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .decimalNumber, .letterNumber, .otherNumber, .otherSymbol, .currencySymbol:
      true
    default: false
    }
  }
  var isOfName: Bool { isASCII ? UInt8(truncatingIfNeeded: value).isOfName : properties.isAlphabetic }
  var isWhitespace: Bool { properties.isWhitespace }
  var isQuotationMark: Bool { properties.isQuotationMark }
  var isPictogram: Bool { !isASCII && properties.generalCategory == .otherSymbol }

  func append(to letters: inout [UInt8]) -> Int {
    if isASCII { return UInt8(truncatingIfNeeded: value).append(to: &letters) }
    guard properties.changesWhenLowercased else {
      letters += UTF8.encode(self) ?? UTF8.encodedReplacementCharacter
      return 1
    }
    let lower = properties.lowercaseMapping
    letters += lower.utf8
    return lower.unicodeScalars.count
  }
}
