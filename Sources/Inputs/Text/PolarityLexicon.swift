internal import Glibc

/// Words and multi-word concepts with a polarity, and the score biases that a text gets from them.
///
/// A concept is tokenized like a text, so case and accents are treated in the same way. In a text the longest concept
/// that begins at a word is matched, and the search continues after it; all pieces of all its words get its polarity.
package struct PolarityLexicon: Sendable {
  /// The maximum size of a lexicon in bytes; the largest in common use have ten million.
  package static let byteLimit = 16 << 20
  /// The maximum number of concepts; the largest lexicons in common use have half a million.
  package static let conceptLimit = 1 << 20
  /// The maximum size of a concept in bytes, as written and as the tokenizer writes it.
  package static let conceptByteLimit = 1000

  /// Per concept its words, each followed by a blank, with which no word begins or ends.
  private let concepts: PieceTrie
  /// Per concept its polarity, from −1 to 1.
  private let polarities: [Double]

  /// Reads a lexicon: each line has a concept, a tab, and a polarity from -1 to 1.
  ///
  /// White space around both parts, empty lines, a byte-order mark and CRLF are allowed. An underscore between letters
  /// or digits of a concept is a blank: `a_lot_of_fun`.
  ///
  /// - Parameters:
  ///   - bytes: the file's content. O(bytes · log concepts).
  ///   - tokenizer: the one that reads the texts.
  /// - Throws: ``LexiconFormatError`` if the file is too large, has no entry, has a line that is not an entry, or has a concept
  ///   twice.
  package init(bytes: [UInt8], tokenizer: WordPieceTokenizer) throws(LexiconFormatError) {
    guard bytes.count <= Self.byteLimit else { throw .tooLarge(bytes: bytes.count, limit: Self.byteLimit) }
    var keys: [ArraySlice<UInt8>] = [], lines: [Int] = [], polarities: [Double] = []
    var lineNumber = 0
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    while !rest.isEmpty {
      lineNumber += 1
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      let line = rest[..<end]
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
      guard let entry = try LexiconEntry(line, number: lineNumber) else { continue }
      guard keys.count < Self.conceptLimit else { throw .tooManyConcepts(limit: Self.conceptLimit) }
      let key = tokenizer.words(of: entry.concept).flatMap { $0 + [UInt8(ascii: " ")] }
      guard !key.isEmpty else { throw .noConcept(line: lineNumber) }
      guard key.count <= Self.conceptByteLimit else {
        throw .conceptTooLong(line: lineNumber, limit: Self.conceptByteLimit)
      }
      keys.append(key[...])
      lines.append(lineNumber)
      polarities.append(entry.polarity)
    }
    guard !keys.isEmpty else { throw .empty }
    let concepts = PieceTrie(keys.enumerated().map { (bytes: $0.element, id: Int32($0.offset)) })
    for (index, key) in keys.enumerated() {
      // If concepts are equal, the last one is found.
      guard let node = concepts.node(of: key), let last = concepts.id(at: node), last != index else { continue }
      let words = String(decoding: key.dropLast(), as: UTF8.self)
      throw .duplicate(words, line: lines[Int(last)], first: lines[index])
    }
    (self.concepts, self.polarities) = (concepts, polarities)
  }

  /// How many concepts there are.
  package var count: Int { polarities.count }

  /// The polarity of each piece of a text, including `[CLS]` and `[SEP]`; nil if it has none.
  ///
  /// O(words · longest concept). Truncated text is ignored.
  package func polarities(of text: TokenizedWords) -> [Double?] {
    var found = [Double?](repeating: nil, count: text.text.ids.count)
    var start = 0
    while start < text.words.count {
      guard let match = longestConcept(in: text.words, at: start) else {
        start += 1
        continue
      }
      for word in text.words[start..<match.end] {
        for piece in word.pieces { found[piece] = polarities[match.concept] }
      }
      start = match.end
    }
    return found
  }

  /// The bias that a lexicon adds to the attention scores of a post: |sᵢ − sⱼ| · exp(−sᵢ sⱼ) between a piece of
  /// polarity sᵢ and one of polarity sⱼ, 0 if either has no polarity.
  ///
  /// - Parameters:
  ///   - text: the post's text.
  ///   - knowledge: its knowledge, nil for a model without that stream.
  /// - Returns: a number for each pair of tokens; nil if all are 0.
  package func biases(text: TokenizedWords, knowledge: TokenizedWords? = nil) -> ScoreBiases {
    let rows = polarities(of: text)
    return ScoreBiases(
      text: Self.biases(rows, rows), knowledge: knowledge.flatMap { Self.biases(rows, polarities(of: $0)) })
  }

  private static func biases(_ rows: [Double?], _ columns: [Double?]) -> [Float]? {
    var biases: [Float]?
    for (row, a) in rows.enumerated() {
      guard let a else { continue }
      for (column, b) in columns.enumerated() {
        guard let b, a != b else { continue }
        biases = biases ?? [Float](repeating: 0, count: rows.count * columns.count)
        biases?[row * columns.count + column] = Float(abs(a - b) * exp(-a * b))
      }
    }
    return biases
  }

  /// The longest concept whose first word is word `start`, with the word behind its last.
  private func longestConcept(in words: [TokenizedWords.Word], at start: Int) -> (concept: Int, end: Int)? {
    var node = PieceTrie.root, best: (concept: Int, end: Int)?
    for index in start..<words.count {
      for byte in words[index].bytes {
        guard let next = concepts.child(of: node, along: byte) else { return best }
        node = next
      }
      guard let next = concepts.child(of: node, along: UInt8(ascii: " ")) else { return best }
      node = next
      if let concept = concepts.id(at: node) { best = (Int(concept), index + 1) }
    }
    return best
  }
}

/// The biases that a lexicon adds to the attention scores of a post.
package struct ScoreBiases: Sendable, Equatable {
  /// Text pieces × text pieces; nil if all are 0.
  package var text: [Float]?
  /// Text pieces × knowledge pieces; nil if all are 0.
  package var knowledge: [Float]?

  /// Biases of these numbers.
  package init(text: [Float]?, knowledge: [Float]?) { (self.text, self.knowledge) = (text, knowledge) }
}

extension PolarityLexicon {
  /// The name of a lexicon in a model's folder.
  package static let fileName = "lexicon.tsv"

  /// Reads the lexicon at `path`, as ``init(bytes:tokenizer:)`` does.
  ///
  /// - Throws: ``LexiconError``, which names the file and the line.
  package static func load(_ path: String, tokenizer: WordPieceTokenizer) throws(LexiconError) -> PolarityLexicon {
    let bytes = try contents(of: path)
    do {
      return try PolarityLexicon(bytes: bytes, tokenizer: tokenizer)
    } catch {
      throw .fault(path: path, error)
    }
  }

  /// All the bytes of a file, read without blocking; one byte more than allowed is enough to reject it.
  private static func contents(of path: String) throws(LexiconError) -> [UInt8] {
    func reason() -> LexiconError { .unreadable(path: path, reason: String(cString: strerror(errno))) }
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw reason() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw reason() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_size <= byteLimit else {
      throw .fault(path: path, .tooLarge(bytes: Int(status.st_size), limit: byteLimit))
    }
    var failure: LexiconError?
    let size = Int(status.st_size)
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let step = read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if step < 0, errno == EINTR { continue }
        if step < 0 { failure = reason() }
        if step <= 0 { break }
        count += step
      }
    }
    if let failure { throw failure }
    return bytes
  }
}

/// A line of a polarity lexicon.
struct LexiconEntry {
  /// The concept, with blanks for underscores between letters or digits.
  let concept: String
  /// From −1 to 1.
  let polarity: Double

  /// Reads line `number`, without its line feed; nil if it is blank.
  init?(_ line: ArraySlice<UInt8>, number: Int) throws(LexiconFormatError) {
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

  /// A decimal number; other spellings that Swift accepts, such as `nan` or `0x1p-1`, are rejected.
  private static func polarity(_ text: String, line: Int) throws(LexiconFormatError) -> Double {
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

  /// With a blank in place of each underscore between two letters or digits.
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
