import Foundation

/// A text as its reposts share it: letters, digits and pictograms in lower case, without blanks, punctuation, web
/// addresses, the marks of a repost, and the names it begins with.
package struct RepostText: Equatable {
  /// What is left, in its order, in UTF-8.
  package private(set) var letters: [UInt8]
  /// The number of letters.
  package private(set) var count: Int
  /// The number of letters; those of Chinese, Japanese and Korean count twice.
  package private(set) var weight: Int
  /// Whether the text says that it repeats another post.
  package private(set) var isMarked: Bool

  /// Reads a text. O(bytes); a text in ASCII, as most are in English, is read byte by byte.
  package init(_ text: String) {
    var text = text
    let read = text.withUTF8 { bytes in
      bytes.allSatisfy { $0 < 0x80 } ? RepostText(RepostReader(bytes)) : nil
    }
    self = read ?? RepostText(scalars: Self.composed(text))
  }

  /// Reads a text in NFKC.
  package init(scalars: [Unicode.Scalar]) {
    self = scalars.withUnsafeBufferPointer { RepostText(RepostReader($0)) }
  }

  private init<Unit>(_ reader: RepostReader<Unit>) {
    (letters, count, weight, isMarked) = (reader.letters, reader.count, reader.weight, reader.isMarked)
  }

  /// The bytes of the first letters.
  func bytes(upTo most: Int) -> ArraySlice<UInt8> {
    guard count > most else { return letters[...] }
    guard count < letters.count else { return letters.prefix(most) }
    var left = most
    let end = letters.firstIndex { byte in
      if byte & 0xC0 != 0x80 { left -= 1 }
      return left < 0
    }
    return letters[..<(end ?? letters.count)]
  }

  /// The text with one way to write each letter (NFKC).
  private static func composed(_ text: String) -> [Unicode.Scalar] {
    let scalars = Array(text.unicodeScalars)
    if scalars.allSatisfy(\.isComposed) { return scalars }
    var composed: [Unicode.Scalar] = []
    // In parts, because Foundation takes time with the square of the length where letters have accents of their own.
    var part = String.UnicodeScalarView(), count = 0
    for scalar in scalars {
      if count >= 10_000 || (count >= 1000 && scalar.isASCII) {
        composed += String(part).precomposedStringWithCompatibilityMapping.unicodeScalars
        (part, count) = (String.UnicodeScalarView(), 0)
      }
      part.append(scalar)
      count += 1
    }
    return composed + String(part).precomposedStringWithCompatibilityMapping.unicodeScalars
  }
}

extension Unicode.Scalar {
  /// Whether a text of such scalars alone is in NFKC. A selection of those in frequent use: each has no other spelling,
  /// and joins with none before it.
  package var isComposed: Bool {
    switch value {
    case 0...0x7F: true
    // Letters of Latin with accents, but for ĲĳĿŀŉſ.
    case 0xC0...0x131, 0x134...0x13E, 0x141...0x148, 0x14A...0x17E: true
    // Cyrillic, Arabic without accents.
    case 0x400...0x481, 0x48A...0x4FF, 0x621...0x64A: true
    // Dashes and quotation marks, the joiner, the euro sign, the selector of colourful pictograms.
    case 0x200D, 0x2013...0x2014, 0x2018...0x201E, 0x20AC, 0xFE0F: true
    // Japanese, Chinese, Korean.
    case 0x3001...0x3029, 0x3041...0x3096, 0x30A1...0x30FC, 0x4E00...0x9FFF, 0xAC00...0xD7A3: true
    // Pictograms.
    case 0x2600...0x27BF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF: true
    default: false
    }
  }
}
