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
  /// What opens every text, if something does, and what closes it.
  let (opening, closing): (Int32?, Int32)
  let unknown: Int32

  /// The ids of a text between the piece that opens, if there is one, and the piece that closes every text, at most
  /// `limit` with both.
  ///
  /// What exceeds the limit is cut off at the end, before the closing piece. O(n · log n) for n bytes.
  public func encode(_ text: String, limit: Int) -> TokenizedText { tokenized(read(text, keepsWords: false), limit) }

  /// The same ids as ``encode(_:limit:)`` gives, and which of them belong to which word.
  ///
  /// A word is what pieces are made of: what the pattern of a byte-level vocabulary takes together, what stands between
  /// blanks for a unigram model; its bytes are as the rewriting left them, without the blank that opens it. Pieces of
  /// blanks alone are of no word. O(n · log n) for n bytes.
  public func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    let found = read(text, keepsWords: true), text = tokenized(found, limit)
    // The opening piece stands before the first word's.
    let end = text.ids.count - 1, before = opening == nil ? 0 : 1
    let words = found.words.compactMap { word -> TokenizedWords.Word? in
      let first = word.pieces.lowerBound + before
      guard first < end else { return nil }
      return TokenizedWords.Word(bytes: word.bytes, pieces: first..<Swift.min(word.pieces.upperBound + before, end))
    }
    return TokenizedWords(text: text, words: words)
  }

  /// The pieces of a text, and the words that they are of where those are wanted.
  private struct Found {
    var ids: [Int32] = []
    var words: [TokenizedWords.Word] = []
    let keepsWords: Bool

    /// Adds the pieces of a word.
    mutating func add(_ pieces: some Sequence<Int32>, of bytes: @autoclosure () -> [UInt8]) {
      let first = ids.count
      ids += pieces
      guard keepsWords, first < ids.count else { return }
      let bytes = bytes()
      if !bytes.isEmpty { words.append(TokenizedWords.Word(bytes: bytes, pieces: first..<ids.count)) }
    }
  }

  private func tokenized(_ found: Found, _ limit: Int) -> TokenizedText {
    let before = opening.map { [$0] } ?? [], room = Swift.max(limit, 2) - 1 - before.count
    return TokenizedText(
      ids: before + found.ids.prefix(room) + [closing], pieces: found.ids.count,
      unknown: found.ids.count { $0 == unknown }, truncated: Swift.max(found.ids.count - room, 0))
  }

  private func read(_ text: String, keepsWords: Bool) -> Found {
    var found = Found(keepsWords: keepsWords)
    var rest = text.utf8[...]
    while let (place, literal) = firstLiteral(in: rest) {
      let end = rest.index(place, offsetBy: literal.bytes.count)
      let before = Substring(rest[..<place])
      add(literal.takesBlanks.before ? Self.withoutBlanksAtEnd(before) : before, to: &found)
      found.add(CollectionOfOne(literal.id), of: literal.bytes)
      rest = rest[end...]
      if literal.takesBlanks.behind { rest = Self.withoutBlanksAtStart(Substring(rest)).utf8 }
    }
    add(Substring(rest), to: &found)
    return found
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

  private func add(_ part: Substring, to found: inout Found) {
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

  private func add(word: [UInt8], to found: inout Found) {
    switch pieces {
    case .bytePairs(let merging, let inside, let last):
      guard let end = word.last else { return }
      found.add(merging(word.dropLast().map { inside[Int($0)] } + [last[Int(end)]]), of: Self.shown(word))
    case .unigram(let model): found.add(model(word), of: Self.shown(word))
    }
  }

  /// A word as people write it: neither blanks nor the sign for them at its ends.
  private static func shown(_ word: [UInt8]) -> [UInt8] {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == "▁" || scalar.properties.isWhitespace }
    var scalars = Substring(decoding: word, as: UTF8.self).unicodeScalars.drop(while: isBlank)
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return Array(String(scalars).utf8)
  }
}
