/// A step that a tokenizer takes before it looks for words.
enum TextRewriting: Sendable {
  /// Canonical composition.
  case composed
  /// Letters in lower case, scalar by scalar.
  case lowercased
  /// White space to one blank, wherever it stands.
  case blanked
  /// Several blanks to one.
  case singleBlanks
  /// Characters by a table.
  case mapped(Charsmap)

  /// The text after the step. O(bytes).
  func callAsFunction(_ text: String) -> String {
    switch self {
    case .composed: CanonicalComposition.composed(text)
    case .lowercased: Self.lowercased(text)
    case .blanked: Self.squeezed(text) { $0.properties.isWhitespace }
    case .singleBlanks: Self.squeezed(text) { $0 == " " }
    case .mapped(let table): table(text)
    }
  }

  private static func lowercased(_ text: String) -> String {
    var lower = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { lower.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars) }
    return String(lower)
  }

  private static func squeezed(_ text: String, _ isBlank: (Unicode.Scalar) -> Bool) -> String {
    var squeezed = String.UnicodeScalarView()
    var wasBlank = false
    for scalar in text.unicodeScalars {
      let isBlank = isBlank(scalar)
      if !isBlank { squeezed.append(scalar) } else if !wasBlank { squeezed.append(" ") }
      wasBlank = isBlank
    }
    return String(squeezed)
  }
}
