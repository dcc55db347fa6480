import Foundation

/// Canonical composition (NFC) of texts, by the version of Unicode that tokenizers normalise with.
enum CanonicalComposition {
  /// A text in composed form. A scalar that came after ``CanonicalDecomposition/version`` is a base of its own that
  /// composes with nothing. O(bytes).
  static func composed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var composed = "", part = ""
    for scalar in text.unicodeScalars {
      if scalar.value < 0x300 || CanonicalDecomposition.isKnown(scalar) {
        part.unicodeScalars.append(scalar)
      } else {
        composed.unicodeScalars.append(contentsOf: part.precomposedStringWithCanonicalMapping.unicodeScalars)
        composed.unicodeScalars.append(scalar)
        part = ""
      }
    }
    composed.unicodeScalars.append(contentsOf: part.precomposedStringWithCanonicalMapping.unicodeScalars)
    return composed
  }
}
