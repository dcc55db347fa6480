extension Unicode.Scalar {
  /// Whether a scalar belongs to words: letters with their marks, digits, and the low line.
  var isWordScalar: Bool {
    if isASCII {
      return switch self {
      case "a"..."z", "A"..."Z", "0"..."9", "_": true
      default: false
      }
    }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .decimalNumber, .letterNumber:
      true
    default: false
    }
  }

  /// Whether a scalar is a decimal digit of any script.
  var isDigit: Bool {
    isASCII ? ("0"..."9").contains(self) : properties.generalCategory == .decimalNumber
  }
}

/// Scalars by number: what the steps of a preparation read.
package protocol ScalarText: RandomAccessCollection where Element == Unicode.Scalar, Index == Int {}

extension Array: ScalarText where Element == Unicode.Scalar {}

extension ScalarText {
  /// Whether the scalar before a position belongs to a word.
  func hasWord(before position: Int) -> Bool { position > startIndex && self[position - 1].isWordScalar }

  /// Whether the scalar at a position belongs to a word.
  func hasWord(at position: Int) -> Bool { position < endIndex && self[position].isWordScalar }
}

/// Makes every run of white space one blank, and removes it at both ends. O(scalars).
func collapsingSpace(_ text: some ScalarText) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  result.reserveCapacity(text.count)
  var blank = false
  for scalar in text {
    if scalar.properties.isWhitespace {
      blank = !result.isEmpty
    } else {
      if blank { result.append(" ") }
      result.append(scalar)
      blank = false
    }
  }
  return result
}
