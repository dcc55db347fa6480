/// A text without details, so that near-duplicates become equal: it ignores case, white space, and which link, person
/// or number is named.
enum FoldedText {
  /// Converts to lower case, turns each run of white space into one blank and trims the ends. A link becomes `<link>`,
  /// a mention `<user>`, a run of digits `<number>`. Punctuation, accents and hashtags stay; zero-width and control
  /// characters are removed.
  ///
  /// - Complexity: O(n) for n bytes.
  static func of(_ text: String) -> String {
    var text = text
    return text.withUTF8 { bytes in
      var folder = Folder(bytes)
      folder.run()
      return String(decoding: folder.folded, as: UTF8.self)
    }
  }

  private struct Folder {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0
    var folded: [UInt8] = []
    /// Whether a blank must be written before the next character.
    var owesBlank = false
    /// Whether the previous character belongs to a word, inside which `@` and `http` have no special meaning.
    var isInWord = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
      self.bytes = bytes
      folded.reserveCapacity(bytes.count + 16)
    }

    mutating func run() {
      while at < bytes.count {
        let byte = bytes[at]
        if byte >= 0x80 {
          scalar()
        } else if byte <= 0x20 || byte == 0x7F {
          blank()
        } else if Self.isDigit(byte) {
          while at < bytes.count, Self.isDigit(bytes[at]) { at += 1 }
          append(Array("<number>".utf8), isOfWord: true)
        } else if byte == UInt8(ascii: "@"), !isInWord, at + 1 < bytes.count, Self.isOfName(bytes[at + 1]) {
          at += 1
          while at < bytes.count, Self.isOfName(bytes[at]) { at += 1 }
          append(Array("<user>".utf8), isOfWord: true)
        } else if !isInWord, isLink {
          while at < bytes.count, bytes[at] > 0x20 { at += 1 }
          append(Array("<link>".utf8), isOfWord: true)
        } else {
          at += 1
          append([Self.lowered(byte)], isOfWord: Self.isOfName(byte))
        }
      }
    }

    private mutating func blank() {
      at += 1
      owesBlank = !folded.isEmpty
      isInWord = false
    }

    private mutating func append(_ piece: [UInt8], isOfWord: Bool) {
      if owesBlank { folded.append(0x20) }
      owesBlank = false
      folded += piece
      isInWord = isOfWord
    }

    /// A character beyond ASCII.
    private mutating func scalar() {
      // The text comes from a String, so it is valid UTF-8, and the first byte gives the length.
      let length = bytes[at] >= 0xF0 ? 4 : bytes[at] >= 0xE0 ? 3 : 2
      let end = min(at + length, bytes.count)
      guard let scalar = String(decoding: bytes[at..<end], as: UTF8.self).unicodeScalars.first else {
        at = end
        return
      }
      let properties = scalar.properties
      if properties.isWhitespace {
        blank()
        at = end
      } else if properties.generalCategory == .format || properties.generalCategory == .control {
        at = end
      } else if properties.numericType == .decimal {
        at = end
        let number = Array("<number>".utf8)
        if owesBlank || !folded.suffix(number.count).elementsEqual(number) { append(number, isOfWord: true) }
      } else {
        at = end
        append(Array(properties.lowercaseMapping.utf8), isOfWord: properties.isAlphabetic)
      }
    }

    /// Whether a link begins here.
    private var isLink: Bool {
      switch bytes[at] | 0x20 {
      case UInt8(ascii: "h"): isNext("http://") || isNext("https://")
      case UInt8(ascii: "w"): isNext("www.")
      default: false
      }
    }

    private func isNext(_ word: StaticString) -> Bool {
      guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
      let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
      return letters.indices.allSatisfy { Self.lowered(bytes[at + $0]) == letters[$0] }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }

    private static func isOfName(_ byte: UInt8) -> Bool {
      isDigit(byte) || byte == UInt8(ascii: "_") || (0x61...0x7A).contains(byte | 0x20)
    }
  }
}
