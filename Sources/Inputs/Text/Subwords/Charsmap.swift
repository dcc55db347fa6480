/// A table of SentencePiece that rewrites characters before a text is cut into pieces, as a `tokenizer.json` holds it.
///
/// The table is a double-array trie (Aoe, *An Efficient Digital Search Algorithm by Using a Double-Array Structure*, 1989)
/// whose values say where in a list of zero-terminated texts the substitute begins. It comes from an untrusted file: no
/// index is followed beyond its ends.
struct Charsmap: Sendable {
  private let units: [UInt32]
  private let substitutes: [UInt8]
  /// The bytes that a substitute may have: the longest ligature of Unicode takes 33, and a text grows by as much.
  private static let longestSubstitute = 256

  /// Reads a table: the trie's size in bytes as four little-endian bytes, the trie, the substitutes.
  ///
  /// - Returns: `nil` where the sizes do not fit, or a substitute is too long.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    func word(_ at: Int) -> UInt32 {
      UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }
    let size = Int(word(0))
    guard size % 4 == 0, size <= bytes.count - 4 else { return nil }
    units = (0..<(size / 4)).map { word(4 + 4 * $0) }
    substitutes = Array(bytes[(4 + size)...])
    guard substitutes.split(separator: 0).allSatisfy({ $0.count <= Self.longestSubstitute }) else { return nil }
  }

  /// A text with its characters rewritten. A character of the reader that takes fewer than six bytes is looked up whole,
  /// each of its scalars otherwise; the shortest entry that it begins with decides. O(bytes).
  func callAsFunction(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count)
    for character in text {
      let bytes = Array(character.utf8)
      if bytes.count < 6, let substitute = substitute(for: bytes) {
        out += substitute
        continue
      }
      for scalar in character.unicodeScalars {
        let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        out += substitute(for: bytes).map(Array.init) ?? bytes
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private func substitute(for key: [UInt8]) -> ArraySlice<UInt8>? {
    guard let root = units.first else { return nil }
    var place = Self.offset(root)
    for byte in key where byte != 0 {
      place ^= Int(byte)
      guard place < units.count else { return nil }
      let unit = units[place]
      guard unit & (1 << 31 | 0xFF) == UInt32(byte) else { return nil }
      place ^= Self.offset(unit)
      guard unit >> 8 & 1 == 1 else { continue }
      guard place < units.count else { return nil }
      let start = Int(units[place] & (1 << 31 - 1))
      guard start < substitutes.count else { return nil }
      return substitutes[start...].prefix { $0 != 0 }
    }
    return nil
  }

  private static func offset(_ unit: UInt32) -> Int {
    Int(unit >> 10) << Int((unit & (1 << 9)) >> 6)
  }
}
