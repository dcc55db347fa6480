/// Turns a text into the ids of subword pieces, as a hub's `tokenizer.json` says: CLIP's and RoBERTa's byte pairs,
/// XLM-R's and e5's unigram pieces.
public struct SubwordTokenizer: Sendable {
  /// How words are made of what was rewritten.
  enum Words: Sendable {
    /// Words by a pattern, written in the letters of ``ByteLetters``; `blankFirst` sets a blank before a text without one.
    case bytes(WordPattern, blankFirst: Bool)
    /// Words begin at a blank, which is written `▁`; one stands before every stretch that lacks it.
    case metaspace
  }

  /// How a word becomes pieces.
  enum Pieces: Sendable {
    /// By merges, from the symbol of each byte, and that of a word's last byte.
    case bytePairs(BytePairMerging, inside: [Int32], last: [Int32])
    /// By the likeliest cut.
    case unigram(UnigramModel)
  }

  /// A piece that stands for itself where a text spells it.
  struct Literal: Sendable {
    var bytes: [UInt8]
    var id: Int32
    /// Whether blanks before it, and behind it, belong to it.
    var takesBlanks: (before: Bool, behind: Bool)
  }

  /// The number of ids, one more than the greatest.
  public let count: Int
  let rewriting: [TextRewriting]
  let words: Words
  let pieces: Pieces
  /// Longest first, so that of two that begin alike the longer is found.
  let literals: [Literal]
  /// What opens and what closes every text.
  let (opening, closing): (Int32, Int32)
  let unknown: Int32

  /// The ids of a text between the piece that opens and the piece that closes every text, at most `limit` with both.
  ///
  /// What exceeds the limit is cut off at the end, before the closing piece. O(n · log n) for n bytes.
  public func encode(_ text: String, limit: Int) -> TokenizedText {
    var found: [Int32] = []
    var rest = text.utf8[...]
    while let (place, literal) = firstLiteral(in: rest) {
      let end = rest.index(place, offsetBy: literal.bytes.count)
      let before = Substring(rest[..<place])
      add(literal.takesBlanks.before ? Self.withoutBlanksAtEnd(before) : before, to: &found)
      found.append(literal.id)
      rest = rest[end...]
      if literal.takesBlanks.behind { rest = Self.withoutBlanksAtStart(Substring(rest)).utf8 }
    }
    add(Substring(rest), to: &found)
    let room = Swift.max(limit, 2) - 2
    return TokenizedText(
      ids: [opening] + found.prefix(room) + [closing], pieces: found.count, unknown: found.count { $0 == unknown },
      truncated: Swift.max(found.count - room, 0))
  }

  private func firstLiteral(in text: Substring.UTF8View) -> (place: String.Index, literal: Literal)? {
    var place = text.startIndex
    while place < text.endIndex {
      if let literal = literals.first(where: { text[place...].starts(with: $0.bytes) }) { return (place, literal) }
      place = text.index(after: place)
    }
    return nil
  }

  private static func withoutBlanksAtEnd(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return Substring(scalars)
  }

  private static func withoutBlanksAtStart(_ text: Substring) -> Substring {
    Substring(text.unicodeScalars.drop { $0.properties.isWhitespace })
  }

  private func add(_ part: Substring, to found: inout [Int32]) {
    var text = String(part)
    for step in rewriting { text = step(text) }
    guard !text.isEmpty else { return }
    switch words {
    case .bytes(let pattern, let blankFirst):
      if blankFirst, text.utf8.first != UInt8(ascii: " ") { text = " " + text }
      for word in pattern.words(text) { add(word: Array(String(word).utf8), to: &found) }
    case .metaspace:
      var word: [UInt8] = []
      func starts(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "▁" }
      if text.unicodeScalars.first.map(starts) != true { text = " " + text }
      for scalar in text.unicodeScalars {
        let starts = starts(scalar)
        if starts, !word.isEmpty {
          add(word: word, to: &found)
          word.removeAll(keepingCapacity: true)
        }
        word += UTF8.encode(starts ? "▁" : scalar) ?? UTF8.encodedReplacementCharacter
      }
      add(word: word, to: &found)
    }
  }

  private func add(word: [UInt8], to found: inout [Int32]) {
    switch pieces {
    case .bytePairs(let merging, let inside, let last):
      guard let end = word.last else { return }
      found += merging(word.dropLast().map { inside[Int($0)] } + [last[Int(end)]])
    case .unigram(let model): found += model(word)
    }
  }
}
