/// The letters of Hangul syllables, by the arithmetic of the Unicode standard, section 3.12.
///
/// Canonical decomposition spells a syllable as its letters; eleven thousand of them are better computed than
/// looked up.
enum HangulSyllable {
  /// The code points of the syllables.
  static let range: ClosedRange<UInt32> = 0xAC00...0xD7A3

  /// Hands on a syllable's leading consonant, its vowel, and its trailing consonant where it has one.
  static func forEachLetter(of syllable: Unicode.Scalar, _ body: (Unicode.Scalar) -> Void) {
    let (leading, rest) = (syllable.value - range.lowerBound).quotientAndRemainder(dividingBy: 21 * 28)
    let (vowel, trailing) = rest.quotientAndRemainder(dividingBy: 28)
    if let letter = Unicode.Scalar(0x1100 + leading) { body(letter) }
    if let letter = Unicode.Scalar(0x1161 + vowel) { body(letter) }
    if trailing > 0, let letter = Unicode.Scalar(0x11A7 + trailing) { body(letter) }
  }
}
