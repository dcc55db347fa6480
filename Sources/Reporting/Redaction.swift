/// The parts of people's texts that a report hides.
package struct Redaction: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// User names and mail addresses: `@name`, `@name@server`, `name@server`.
  package static let handles = Redaction(rawValue: 1)
  /// Links with or without a scheme: `https://t.co/x`, `www.example.org`, `pic.twitter.com/x`.
  package static let urls = Redaction(rawValue: 2)
  /// Posts' keys, and the paths of their pictures.
  package static let keys = Redaction(rawValue: 4)

  /// The names on the command line.
  package static let names = ["handles", "urls", "keys"]

  /// The part with a name; nil for an unknown name.
  package static func named(_ name: String) -> Redaction? {
    switch name {
    case "handles": .handles
    case "urls": .urls
    case "keys": .keys
    default: nil
    }
  }

  /// The hidden parts in words; nil for none.
  package var words: String? {
    let parts = [(Redaction.handles, "handles"), (.urls, "links"), (.keys, "keys")].filter { contains($0.0) }.map(\.1)
    guard let last = parts.last else { return nil }
    return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last
  }

  /// A text with handles and links replaced if they are to be hidden.
  ///
  /// - Complexity: O(n) for n code points.
  package func hiding(_ text: String) -> String {
    guard contains(.handles) || contains(.urls) else { return text }
    // Use an array, since appending to a view of scalars copies the view.
    var result: [Unicode.Scalar] = []
    var word: [Unicode.Scalar] = []
    func flush() {
      if !word.isEmpty { result += hidden(word) }
      word.removeAll(keepingCapacity: true)
    }
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        flush()
        result.append(scalar)
      } else {
        word.append(scalar)
      }
    }
    flush()
    return String(String.UnicodeScalarView(result))
  }

  /// A post's text with its own key also replaced.
  package func hiding(_ text: String, key: String) -> String {
    guard contains(.keys), key.utf8.count >= 3, text.utf8.count >= key.utf8.count else { return hiding(text) }
    // Compare bytes: a combining mark after the key must not hide its end.
    let (bytes, part) = (Array(text.utf8), Array(key.utf8))
    var result: [UInt8] = []
    var start = 0
    for range in bytes.ranges(of: part) {
      result += bytes[start..<range.lowerBound] + Array(Self.keyMark.utf8)
      start = range.upperBound
    }
    return hiding(String(decoding: result + bytes[start...], as: UTF8.self))
  }

  /// A post's key, or a placeholder if keys are hidden.
  package func key(_ key: String) -> String { contains(.keys) ? Self.keyMark : key }

  static let keyMark = "[key]"
  private static let handleMark = "[handle]"
  private static let linkMark = "[link]"

  /// A word between spaces with its hidden parts replaced.
  private func hidden(_ word: [Unicode.Scalar]) -> [Unicode.Scalar] {
    if contains(.urls), let start = Self.link(in: word) {
      // The text before a link, such as a bracket, may contain a handle; everything after it belongs to the link.
      return hidden(Array(word[..<start])) + Self.linkMark.unicodeScalars
    }
    guard contains(.handles) else { return word }
    var result: [Unicode.Scalar] = []
    var index = 0
    while index < word.count {
      guard Self.isAt(word[index]), index + 1 < word.count, Self.isName(word[index + 1]) else {
        result.append(word[index])
        index += 1
        continue
      }
      // Characters directly before the @ are the name of a mail address.
      if result.last.map(Self.isName) ?? false {
        while let last = result.last, Self.isName(last) || last == "." || last == "+" || last == "-" {
          result.removeLast()
        }
      }
      result += Self.handleMark.unicodeScalars
      index += 1
      while index < word.count {
        let isJoint = word[index] == "." || word[index] == "-" || Self.isAt(word[index])
        guard Self.isName(word[index]) || (isJoint && index + 1 < word.count && Self.isName(word[index + 1])) else {
          break
        }
        index += 1
      }
    }
    return result
  }

  private static func isAt(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "@" || scalar == "\u{FF20}" || scalar == "\u{FE6B}"
  }

  private static func isName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// The index of the beginning of a link in a word. O(n) for n code points.
  private static func link(in word: [Unicode.Scalar]) -> Int? {
    let lower = word.map { ascii($0) }
    let (scheme, world) = (Array("://".utf8), Array("www.".utf8))
    func finds(_ part: [UInt8], at index: Int) -> Bool {
      index + part.count <= lower.count && zip(part, lower[index...]).allSatisfy { $0 == $1 }
    }
    var run = HostRun()
    for index in lower.indices {
      if finds(scheme, at: index) {
        var start = index
        while start > 0, (97...122).contains(lower[start - 1]) { start -= 1 }
        return start
      }
      guard index == 0 || !(isWordByte(lower[index - 1]) || lower[index - 1] == 46) else { continue }
      if finds(world, at: index) { return index }
      guard isWordByte(lower[index]) else { continue }
      if index >= run.end { run = HostRun(lower, from: index) }
      if run.isHostWithPath(from: index) { return index }
    }
    return nil
  }

  /// A run of letters, digits, hyphens and dots. It is scanned once, however many hosts could begin in it.
  private struct HostRun {
    /// The index after the last byte.
    var end = 0
    /// Whether it ends with at least two letters, followed by a slash.
    private var hasEnding = false
    /// The index of the last dot, and of the last dot directly followed by another.
    private var lastDot = -1, lastPairOfDots = -1

    init() {}

    init(_ bytes: [UInt8], from start: Int) {
      end = start
      while end < bytes.count, isWordByte(bytes[end]) || bytes[end] == 46 || bytes[end] == 45 {
        if bytes[end] == 46 {
          if lastDot == end - 1, lastDot >= start { lastPairOfDots = lastDot }
          lastDot = end
        }
        end += 1
      }
      let ending = bytes[(lastDot + 1 > start ? lastDot + 1 : start)..<end]
      hasEnding =
        lastDot >= 0 && end < bytes.count && bytes[end] == 47 && ending.count > 1
        && ending.allSatisfy { (97...122).contains($0) }
    }

    /// Whether a host followed by a slash begins at an index with a letter or digit: it needs a dot, no empty label and
    /// an ending of letters.
    func isHostWithPath(from index: Int) -> Bool { hasEnding && index < lastDot && index > lastPairOfDots }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool { (97...122).contains(byte) || (48...57).contains(byte) }

  /// A character's lower-case ASCII byte; 0 for any other.
  private static func ascii(_ scalar: Unicode.Scalar) -> UInt8 {
    guard scalar.isASCII else { return 0 }
    let byte = UInt8(truncatingIfNeeded: scalar.value)
    return (65...90).contains(byte) ? byte + 32 : byte
  }
}
