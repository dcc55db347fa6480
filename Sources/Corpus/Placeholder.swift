/// Cells that count as empty: the words that programs write for missing values.
package enum Placeholder {
  /// The words in lower case, without the blanks around them; the last is `\N`, which MySQL and Hive write.
  package static let words = [
    "nan", "none", "null", "nil", "na", "n/a", "<na>", "nat", "undefined", "#n/a", "#name?", "#ref!", "#value!",
    "#num!",
    "#null!", "#div/0!", "[]", "{}", "()", "['']", "[\"\"]", "[nan]", "[none]", "[null]", "\"\"", "''", "-", "--", "?",
    "\\n",
  ]
  private static let known = Set(words)

  /// Whether a cell holds a word for a missing number, which no label has: `nan`. A label may well be called `none`.
  static func isMissingNumber(_ cell: String) -> Bool {
    // The first byte decides nearly always, and this is asked of every label.
    switch cell.utf8.first {
    case UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "<"), UInt8(ascii: "#"), UInt8(ascii: "\\"): break
    default: return false
    }
    guard cell.utf8.count <= 4 else { return false }
    return ["nan", "<na>", "nat", "#n/a", "\\n"].contains(cell.lowercased())
  }
  private static let longest = words.map(\.utf8.count).max() ?? 0
}

extension String {
  /// Whether a cell has content: it is not a placeholder, and has a visible letter, digit or symbol.
  ///
  /// Scoring reads these cells unchanged; only the comparison with training uses this.
  package var hasContent: Bool {
    guard
      unicodeScalars.contains(where: { scalar in
        guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
          .letterNumber, .otherNumber, .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
          return true
        default: return false
        }
      })
    else { return false }
    return !isPlaceholder
  }

  /// Whether a cell contains one of ``Placeholder/words``.
  package var isPlaceholder: Bool {
    guard utf8.count <= 64 else { return false }
    let trimmed = String(
      String.UnicodeScalarView(
        unicodeScalars.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }.reversed()))
    return Placeholder.isKnown(trimmed.lowercased())
  }
}

extension Placeholder {
  fileprivate static func isKnown(_ word: String) -> Bool { word.utf8.count <= longest && known.contains(word) }
}

extension String {
  /// Whether a text is empty or consists of ASCII white space.
  package var isBlank: Bool { utf8.allSatisfy(Corpus.isBlank) }
}

/// Whether a byte is ASCII white space.
func isBlank(_ byte: UInt8) -> Bool {
  byte == 0x20 || (0x09...0x0D).contains(byte)
}
