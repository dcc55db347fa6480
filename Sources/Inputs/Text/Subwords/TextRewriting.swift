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
  /// Characters of a set, all left out.
  case without(Set<Unicode.Scalar>)
  /// White space at the ends left out.
  case trimmed(start: Bool, end: Bool)
  /// Characters by a table.
  case mapped(Charsmap)

  /// The text after the step. O(bytes).
  func callAsFunction(_ text: String, _ work: inout WorkCount) -> String {
    work.add(text.utf8.count)
    return switch self {
    case .composed: CanonicalComposition.composed(text, &work)
    case .lowercased: Self.lowercased(text)
    case .blanked: Self.squeezed(text) { $0.properties.isWhitespace }
    case .singleBlanks: Self.squeezed(text) { $0 == " " }
    case .without(let set): String(String.UnicodeScalarView(text.unicodeScalars.filter { !set.contains($0) }))
    case .trimmed(let start, let end): Self.trimmed(text, start: start, end: end)
    case .mapped(let table): table(text)
    }
  }

  private static func lowercased(_ text: String) -> String {
    // Bytes, for appending a text to a view of scalars copies all that is there already.
    var lower: [UInt8] = []
    lower.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        let byte = UInt8(truncatingIfNeeded: scalar.value)
        lower.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
      } else {
        lower += scalar.properties.lowercaseMapping.utf8
      }
    }
    return String(decoding: lower, as: UTF8.self)
  }

  private static func trimmed(_ text: String, start: Bool, end: Bool) -> String {
    var scalars = text.unicodeScalars[...]
    if start { scalars = scalars.drop { $0.properties.isWhitespace } }
    while end, let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return String(scalars)
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
