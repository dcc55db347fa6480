/// A token that is found in a text as it is written, before the text is split into words.
package struct AddedToken: Sendable, Equatable {
  /// Its UTF-8.
  package var bytes: [UInt8]
  package var id: Int32
  /// Whether the white space before it belongs to it (`lstrip`).
  package var takesBlanksBefore: Bool
  /// Whether the white space after it belongs to it (`rstrip`).
  package var takesBlanksBehind: Bool
  /// Whether it is found only where no letter, digit or `_` touches it (`single_word`).
  package var isWholeWord: Bool
  /// Whether it is normalized and then sought in the normalized text (`normalized`), not in the text as posted.
  package var isNormalised: Bool

  /// Creates a token; by default it is found anywhere in the text as posted.
  package init(
    _ text: String, id: Int32, takesBlanksBefore: Bool = false, takesBlanksBehind: Bool = false,
    isWholeWord: Bool = false, isNormalised: Bool = false
  ) {
    (bytes, self.id) = (Array(text.utf8), id)
    (self.takesBlanksBefore, self.takesBlanksBehind) = (takesBlanksBefore, takesBlanksBehind)
    (self.isWholeWord, self.isNormalised) = (isWholeWord, isNormalised)
  }
}

/// Finds added tokens in a text as the library `tokenizers` does: at the leftmost place, there the longest one.
package struct AddedTokens: Sendable {
  /// The maximum number of tokens.
  package static let most = 8192
  /// The maximum size of a token in bytes; finding them takes up to this many steps for each byte of a text.
  package static let longest = 256

  /// A token, or the text between two of them.
  package enum Part: Equatable {
    case token(AddedToken)
    case text(Range<Int>)
  }

  private let tokens: [AddedToken]
  /// Finds the longest token at a position, by its index.
  private let trie: PieceTrie
  /// Whether a token begins with a byte.
  private let begins: [Bool]
  /// A token of which normalization leaves nothing, so that `tokenizers` splits a text everywhere; or what it leaves of
  /// another, so that `tokenizers` finds one of the two by chance.
  let unusable: AddedToken?

  /// Tokens and the spellings by which they are found.
  init(_ tokens: [(token: AddedToken, spelling: [UInt8])]) {
    var seen: Set<[UInt8]> = [[]], different: [(token: AddedToken, spelling: [UInt8])] = [], other: AddedToken?
    for token in tokens {
      if seen.insert(token.spelling).inserted { different.append(token) } else { other = other ?? token.token }
    }
    unusable = other
    self.tokens = different.map(\.token)
    trie = PieceTrie(different.enumerated().map { ($1.spelling[...], Int32($0)) })
    var begins = [Bool](repeating: false, count: 256)
    for (_, spelling) in different { begins[Int(spelling[0])] = true }
    self.begins = begins
  }

  /// The tokens that are sought in the text as posted.
  package static func literal(_ tokens: [AddedToken]) -> AddedTokens {
    AddedTokens(tokens.filter { !$0.isNormalised }.map { ($0, $0.bytes) })
  }

  /// The tokens that are sought in the normalized text.
  static func normalised(_ tokens: [AddedToken], _ normalise: ([UInt8]) -> [UInt8]) -> AddedTokens {
    AddedTokens(tokens.filter(\.isNormalised).map { ($0, normalise($0.bytes)) })
  }

  /// Whether there is no token.
  var isEmpty: Bool { tokens.isEmpty }

  /// The parts of a text in order; none is empty. O(bytes · longest token).
  package func parts(of text: [UInt8], _ work: inout StepCounter) -> [Part] {
    if isEmpty { return text.isEmpty ? [] : [.text(0..<text.count)] }
    var parts: [Part] = []
    var start = 0, place = 0
    while place < text.count {
      guard begins[Int(text[place])], let match = trie.longestMatch(in: text, from: place, at: PieceTrie.root) else {
        place += 1
        work.add()
        continue
      }
      work.add(match.end - place)
      let token = tokens[Int(match.id)], begin = place
      place = match.end
      if token.isWholeWord, Self.endsWord(text[..<begin]) || Self.beginsWord(text[match.end...]) { continue }
      let first = token.takesBlanksBefore ? Self.blanksBefore(begin, in: text, from: start) : begin
      let end = token.takesBlanksBehind ? Self.blanksBehind(match.end, in: text) : match.end
      work.add(begin - first + end - match.end)
      if start < first { parts.append(.text(start..<first)) }
      parts.append(.token(token))
      // A token may begin with blanks that the one before it has taken, so the search goes on behind the match itself.
      start = end
    }
    if start < text.count { parts.append(.text(start..<text.count)) }
    return parts
  }

  private static func blanksBefore(_ end: Int, in text: [UInt8], from start: Int) -> Int {
    var end = end
    while end > start, let (scalar, first) = last(text[..<end]), first >= start, scalar.properties.isWhitespace {
      end = first
    }
    return end
  }

  private static func blanksBehind(_ start: Int, in text: [UInt8]) -> Int {
    var start = start
    while let scalar = first(text[start...]), scalar.properties.isWhitespace { start += UTF8.width(scalar) }
    return start
  }

  private static func endsWord(_ text: ArraySlice<UInt8>) -> Bool { last(text).map { isOfWord($0.scalar) } ?? false }
  private static func beginsWord(_ text: ArraySlice<UInt8>) -> Bool { first(text).map(isOfWord) ?? false }

  /// Whether a scalar matches `\w` of regular expressions.
  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: properties.isAlphabetic || properties.isJoinControl
    }
  }

  private static func first(_ text: ArraySlice<UInt8>) -> Unicode.Scalar? {
    String(decoding: text.prefix(4), as: UTF8.self).unicodeScalars.first
  }

  /// The last scalar and its first byte.
  private static func last(_ text: ArraySlice<UInt8>) -> (scalar: Unicode.Scalar, first: Int)? {
    guard var first = text.indices.last else { return nil }
    while first > text.startIndex, text[first] & 0xC0 == 0x80 { first -= 1 }
    return String(decoding: text[first...], as: UTF8.self).unicodeScalars.first.map { ($0, first) }
  }
}
