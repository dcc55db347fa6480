/// A line of a polarity lexicon.
struct LexiconEntry {
  /// The concept, its underscores between letters or digits being blanks.
  let concept: String
  /// From −1 to 1.
  let polarity: Double

  /// Reads line `number`, without its line feed; nil if it is blank.
  init?(_ line: ArraySlice<UInt8>, number: Int) throws(LexiconFault) {
    guard line.contains(where: { !isBlank($0) }) else { return nil }
    let tabs = line.count { $0 == UInt8(ascii: "\t") }
    guard tabs == 1, let tab = line.firstIndex(of: UInt8(ascii: "\t")) else {
      throw .notAnEntry(line: number, tabs: tabs)
    }
    let written = line[..<tab].trimmed, value = line[(tab + 1)...].trimmed
    guard written.count <= PolarityLexicon.conceptByteLimit else {
      throw .conceptTooLong(line: number, limit: PolarityLexicon.conceptByteLimit)
    }
    guard let concept = String(validating: written.spacingUnderscores, as: UTF8.self),
      let text = String(validating: value, as: UTF8.self)
    else { throw .invalidUTF8(line: number) }
    self.concept = concept
    polarity = try Self.polarity(text, line: number)
  }

  /// A decimal number; what else Swift would read, such as `nan` or `0x1p-1`, is none here.
  private static func polarity(_ text: String, line: Int) throws(LexiconFault) -> Double {
    let allowed = "+-.0123456789eE".utf8
    guard text.utf8.count <= 64, text.utf8.allSatisfy(allowed.contains), let value = Double(text) else {
      throw .notANumber(line: line, found: String(text.prefix(64)))
    }
    guard abs(value) <= 1 else { throw .outOfRange(line: line, found: text) }
    return value
  }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == 0x0D }

extension ArraySlice<UInt8> {
  /// Without the blanks at both ends.
  fileprivate var trimmed: ArraySlice<UInt8> {
    guard let first = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
      return []
    }
    return self[first...last]
  }

  /// With a blank for each underscore that has a letter or digit on both sides.
  fileprivate var spacingUnderscores: ArraySlice<UInt8> {
    var spaced = self
    for index in indices.dropFirst().dropLast() where self[index] == UInt8(ascii: "_") {
      if self[index - 1].isOfWord, self[index + 1].isOfWord { spaced[index] = UInt8(ascii: " ") }
    }
    return spaced
  }
}

extension UInt8 {
  /// Whether this is an ASCII letter or digit, or of a scalar beyond ASCII.
  fileprivate var isOfWord: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...0xFF: true
    default: false
    }
  }
}
