/// Converts a text to the ids of subword pieces as defined by a hub's `tokenizer.json`: byte pairs of CLIP and RoBERTa,
/// unigram pieces of XLM-R and e5.
package struct SubwordTokenizer: Sendable {
  /// How the normalised text is split into words.
  enum Words: Sendable {
    /// Words are split by a pattern and written in the letters of ``ByteAlphabet``; `blankFirst` adds a blank before a
    /// text without one.
    case bytes(PreTokenizer, blankFirst: Bool)
    /// Words begin at a blank, written `▁`, which `adds` puts before every part that lacks it. With `splits`, words
    /// are first separated by white space, which is dropped, and each of them is such a part.
    case metaspace(adds: Bool, splits: Bool)
    /// Words are what is between white space; a line feed behind a word belongs to it.
    case blanks
    /// The text is one unit, with a `▁` before it, and with blanks for those that it has.
    case whole
  }

  /// How a word is split into pieces.
  enum Pieces: Sendable {
    /// By merges, starting from the symbols of its bytes, with special ones for a word's last byte.
    case bytePairs(BytePairMerging, inside: [Int32], last: [Int32])
    /// By the most probable segmentation.
    case unigram(UnigramModel)
    /// By merges of scalars, as BERTweet has them.
    case tweets(TweetPieces)
    /// By a model of SentencePiece, as SigLIP does: behind the text of the unknown piece, whose own pieces are dropped.
    case sentencePieces(SentencePieceModel, behind: [UInt8], dropped: Int)
  }

  /// The number of ids, one more than the greatest.
  package let count: Int
  let normalisation: [NormalisationStep]
  let words: Words
  let pieces: Pieces
  /// The tokens that are found before any splitting: in the text as posted, and in the normalized text.
  let (literal, normalised): (AddedTokens, AddedTokens)
  /// The pieces at the beginning (optional) and at the end of every text.
  let (opening, closing): (Int32?, Int32)
  let unknown: Int32

  /// The ids of a text including the pieces at the beginning, if there is one, and at the end, at most `limit` in
  /// total.
  ///
  /// Pieces beyond the limit are cut off before the last piece. O(n · log n) for n bytes.
  package func encode(_ text: String, limit: Int) -> TokenizedText {
    var work = StepCounter()
    return encode(text, limit: limit, &work)
  }

  /// The same ids; steps are counted.
  package func encode(_ text: String, limit: Int, _ work: inout StepCounter) -> TokenizedText {
    tokenized(read(text, keepsWords: false, &work), limit)
  }

  /// The same ids as ``encode(_:limit:)``, and the words to which they belong.
  ///
  /// A word is a unit that is split into pieces: a match of the pattern of a byte-level vocabulary, or the text between
  /// blanks for a unigram model. Its bytes are those after normalisation, without the blank at its beginning. Pieces of
  /// blanks alone belong to no word. O(n · log n) for n bytes.
  package func encodeWords(_ text: String, limit: Int) -> TokenizedWords {
    var work = StepCounter()
    let found = read(text, keepsWords: true, &work), text = tokenized(found, limit)
    // The piece at the beginning comes before those of the first word.
    let end = text.ids.count - 1, before = opening == nil ? 0 : 1
    let words = found.words.compactMap { word -> TokenizedWords.Word? in
      let first = word.pieces.lowerBound + before
      guard first < end else { return nil }
      return TokenizedWords.Word(bytes: word.bytes, pieces: first..<Swift.min(word.pieces.upperBound + before, end))
    }
    return TokenizedWords(text: text, words: words)
  }

  /// The pieces of a text, and their words if those are wanted.
  private struct Found {
    var ids: [Int32] = []
    var words: [TokenizedWords.Word] = []
    let keepsWords: Bool

    /// Removes all pieces and words.
    mutating func removeAll() { (ids, words) = ([], []) }

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
    var ids = before + found.ids.prefix(room)
    // SigLIP does not add the piece to a text that ends with it.
    if case .whole = words, ids.last == closing {} else { ids.append(closing) }
    return TokenizedText(
      ids: ids, pieces: found.ids.count,
      unknown: found.ids.count { $0 == unknown }, truncated: Swift.max(found.ids.count - room, 0))
  }

  private func read(_ text: String, keepsWords: Bool, _ work: inout StepCounter) -> Found {
    var found = Found(keepsWords: keepsWords)
    var bytes = Array(text.utf8)
    if case .whole = words { bytes = Self.blank + bytes.replacing(Self.blank, by: [0x20], &work) }
    for part in literal.parts(of: bytes, &work) {
      switch part {
      case .token(let token):
        if case .whole = words, found.ids == blankPiece { found.removeAll() }
        found.add(CollectionOfOne(token.id), of: token.bytes)
      case .text(let range):
        var text = String(decoding: bytes[range], as: UTF8.self)
        for step in normalisation { text = step(text, &work) }
        guard !normalised.isEmpty else {
          add(text, to: &found, &work)
          continue
        }
        let bytes = Array(text.utf8)
        for part in normalised.parts(of: bytes, &work) {
          switch part {
          case .token(let token): found.add(CollectionOfOne(token.id), of: token.bytes)
          case .text(let range): add(String(decoding: bytes[range], as: UTF8.self), to: &found, &work)
          }
        }
      }
    }
    return found
  }

  private static let blank = Array("▁".utf8)

  /// The piece of `▁`, which SigLIP drops before a special one.
  private var blankPiece: [Int32] {
    if case .sentencePieces(let model, _, _) = pieces { model.id(Self.blank[...]).map { [$0] } ?? [] } else { [] }
  }

  /// Adds the pieces of a part of the normalized text.
  private func add(_ part: String, to found: inout Found, _ work: inout StepCounter) {
    var text = part
    guard !text.isEmpty else { return }
    switch words {
    case .bytes(let pattern, let blankFirst):
      if blankFirst, text.utf8.first != UInt8(ascii: " ") { text = " " + text }
      for word in pattern.words(text, &work) { add(word: Array(String(word).utf8), to: &found, &work) }
    case .metaspace(let adds, let splits):
      let scalars = text.unicodeScalars
      for part in splits ? scalars.split(whereSeparator: \.properties.isWhitespace) : [scalars[...]] {
        add(part, isPrefixed: adds, to: &found, &work)
      }
    case .whole: add(word: Array(text.utf8), to: &found, &work)
    case .blanks:
      var rest = text.unicodeScalars[...]
      while let start = rest.firstIndex(where: { !TweetNormalisation.isBlank($0) }) {
        let word = rest[start...].prefix { !TweetNormalisation.isBlank($0) }
        let isEnd = word.endIndex < rest.endIndex && rest[word.endIndex] == "\n"
        let end = isEnd ? rest.index(after: word.endIndex) : word.endIndex
        add(word: Array(String(rest[start..<end]).utf8), to: &found, &work)
        rest = rest[end...]
      }
    }
  }

  /// Adds the words of a part, each of which begins at a blank or a `▁`.
  private func add(
    _ part: Substring.UnicodeScalarView, isPrefixed: Bool, to found: inout Found, _ work: inout StepCounter
  ) {
    func starts(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "▁" }
    var word = Array((isPrefixed && part.first.map(starts) != true ? "▁" : "").utf8)
    for (number, scalar) in part.enumerated() {
      let starts = starts(scalar)
      if starts, number > 0 {
        add(word: word, to: &found, &work)
        word.removeAll(keepingCapacity: true)
      }
      word += UTF8.encode(starts ? "▁" : scalar) ?? UTF8.encodedReplacementCharacter
    }
    add(word: word, to: &found, &work)
  }

  private func add(word: [UInt8], to found: inout Found, _ work: inout StepCounter) {
    switch pieces {
    case .bytePairs(let merging, let inside, let last):
      guard let end = word.last else { return }
      let symbols = word.dropLast().map { inside[Int($0)] } + [last[Int(end)]]
      found.add(merging(symbols, &work), of: Self.shown(word))
    case .unigram(let model): found.add(model(word, &work), of: Self.shown(word))
    case .tweets(let model): found.add(model(word, &work), of: Self.shown(word))
    case .sentencePieces(let model, let behind, let dropped):
      var rest = model.pieces(of: behind + word, &work).dropFirst(dropped)
      while let first = rest.first {
        let others = rest.dropFirst().prefix { !$0.beginsWord }
        found.add([first.id] + others.map(\.id), of: Self.shown(Array(first.bytes) + others.flatMap(\.bytes)))
        rest = rest.dropFirst(1 + others.count)
      }
    }
  }

  /// A word as people write it: without blanks, or signs for them, at its ends.
  private static func shown(_ word: [UInt8]) -> [UInt8] {
    func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == "▁" || scalar.properties.isWhitespace }
    var scalars = Substring(decoding: word, as: UTF8.self).unicodeScalars.drop(while: isBlank)
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return Array(String(scalars).utf8)
  }
}

/// How a text is split into the words in which byte pairs are merged.
enum PreTokenizer: Sendable, Equatable {
  /// CLIP's: runs of letters, single digits, runs of other characters; blanks belong to no word.
  case clip
  /// GPT-2's and RoBERTa's: a word includes the blank before it.
  case gpt2

  /// The English contractions that are separate words.
  private static let contractions: [[Unicode.Scalar]] = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map {
    Array($0.unicodeScalars)
  }

  private enum Kind: Equatable {
    case letter, number, blank, other

    init(_ scalar: Unicode.Scalar) {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
      case .decimalNumber, .letterNumber, .otherNumber: self = .number
      default: self = scalar.properties.isWhitespace ? .blank : .other
      }
    }
  }

  /// The words of a text, in order. O(scalars).
  func words(_ text: String, _ work: inout StepCounter) -> [Substring.UnicodeScalarView] {
    work.add(text.utf8.count)
    let scalars = text.unicodeScalars
    var words: [Substring.UnicodeScalarView] = []
    var start = scalars.startIndex
    while start < scalars.endIndex {
      let end = self.end(of: start, in: scalars)
      if self == .gpt2 || Kind(scalars[start]) != .blank { words.append(scalars[start..<end]) }
      start = end
    }
    return words
  }

  /// The end of the word or the blanks that begin at `start`.
  private func end(of start: String.Index, in scalars: String.UnicodeScalarView) -> String.Index {
    for ending in Self.contractions where scalars[start...].starts(with: ending) {
      return scalars.index(start, offsetBy: ending.count)
    }
    var first = start
    if self == .gpt2, scalars[start] == " " {
      let after = scalars.index(after: start)
      if after < scalars.endIndex, Kind(scalars[after]) != .blank { first = after }
    }
    let kind = Kind(scalars[first])
    if self == .clip, kind == .number { return scalars.index(after: first) }
    var end = first
    while end < scalars.endIndex, Kind(scalars[end]) == kind { end = scalars.index(after: end) }
    // Of several blanks the last belongs to the following word.
    if self == .gpt2, kind == .blank, end < scalars.endIndex {
      let last = scalars.index(before: end)
      if last > start { return last }
    }
    return end
  }
}
