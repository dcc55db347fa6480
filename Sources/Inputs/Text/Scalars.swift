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

extension [Unicode.Scalar] {
  /// Whether the scalar before a position belongs to a word.
  func hasWord(before position: Int) -> Bool { position > 0 && self[position - 1].isWordScalar }

  /// Whether the scalar at a position belongs to a word.
  func hasWord(at position: Int) -> Bool { position < count && self[position].isWordScalar }
}

/// Makes every run of white space one blank, and removes it at both ends. O(scalars).
func collapsingSpace(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
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
