/// Splits a text into pieces as the library SentencePiece does with a `.model` file: it normalises the whole text, writes
/// blanks as `▁`, and finds the most probable pieces of a unigram model or merges byte pairs by their scores.
///
/// Kudo and Richardson, *SentencePiece* (2018). The sums of a unigram model are rounded as there, so that equal scores
/// give the same pieces.
struct SentencePieceModel: Sendable {
  let file: SentencePieceFile
  private let charsmap: Charsmap?
  /// Normal, user-defined and unused pieces.
  private let trie: PieceTrie
  /// User-defined pieces, which are neither normalised nor merged.
  private let userDefined: PieceTrie
  private let bytePieces: [Int32]
  private let least: Float
  private static let unknownPenalty: Float = 10
  private static let blank = Array("▁".utf8)

  /// Reads a `.model` file.
  ///
  /// - Throws: ``TokenizerError`` if the file is damaged, or made for words or characters alone.
  init(bytes: [UInt8]) throws(TokenizerError) {
    let file = try SentencePieceFile(bytes)
    guard file.algorithm == .unigram || file.algorithm == .bytePairs else {
      throw .unsupported("trainer_spec.model_type", "\(file.algorithm)")
    }
    self.file = file
    charsmap = file.charsmap.isEmpty ? nil : Charsmap(file.charsmap)
    guard charsmap != nil || file.charsmap.isEmpty else { throw .malformed("normalizer_spec.precompiled_charsmap") }
    var pieces: [(bytes: ArraySlice<UInt8>, id: Int32)] = [], user = pieces, names: [[UInt8]: Int32] = [:]
    for (id, piece) in file.pieces.enumerated() {
      let bytes = Array(piece.text.utf8)
      guard names.updateValue(Int32(id), forKey: bytes) == nil else { throw .malformed("pieces: \(piece.text) twice") }
      switch piece.kind {
      case .normal, .unused: pieces.append((bytes[...], Int32(id)))
      case .userDefined:
        pieces.append((bytes[...], Int32(id)))
        user.append((bytes[...], Int32(id)))
      case .unknown, .control, .byte: break
      }
    }
    (trie, userDefined) = (PieceTrie(pieces), PieceTrie(user))
    bytePieces = (UInt8.min...UInt8.max).compactMap { byte in
      let hex = String(byte, radix: 16, uppercase: true)
      return names[Array("<0x\(hex.utf8.count < 2 ? "0" : "")\(hex)>".utf8)]
    }
    guard !file.byteFallback || bytePieces.count == 256 else { throw .missingPiece("<0x00>") }
    least = file.pieces.filter { $0.kind == .normal }.map(\.score).min() ?? 0
  }

  /// A piece, and its bytes in the normalised text.
  struct Found {
    var id: Int32
    var bytes: ArraySlice<UInt8>
    /// Whether it begins a word.
    var beginsWord: Bool
  }

  /// The pieces of a text. O(bytes · longest piece), for byte pairs O(n · log n).
  func pieces(of text: [UInt8], _ work: inout StepCounter) -> [Found] {
    let text = normalised(text, &work)
    let spans = file.algorithm == .unigram ? unigram(text, &work) : bytePairs(text, &work)
    var found: [Found] = [], wasUnknown = false
    for (id, range) in spans {
      let isUnknown = id == Int32(file.unknown), bytes = text[range]
      if isUnknown, file.byteFallback {
        for (number, byte) in bytes.enumerated() {
          let begins = number == 0 && beginsWord(range.lowerBound, text)
          found.append(Found(id: bytePieces[Int(byte)], bytes: number == 0 ? bytes : [], beginsWord: begins))
        }
      } else if isUnknown, wasUnknown {
        found[found.count - 1].bytes = text[found[found.count - 1].bytes.startIndex..<range.upperBound]
      } else {
        found.append(Found(id: id, bytes: bytes, beginsWord: beginsWord(range.lowerBound, text)))
      }
      wasUnknown = isUnknown
    }
    return found
  }

  private func beginsWord(_ start: Int, _ text: [UInt8]) -> Bool {
    file.whitespaceIsSuffix
      ? text[..<start].suffix(3).elementsEqual(Self.blank) : text[start...].starts(with: Self.blank)
  }

  // MARK: Normalisation

  /// The text as the pieces are written. O(bytes).
  private func normalised(_ text: [UInt8], _ work: inout StepCounter) -> [UInt8] {
    let blank = file.escapesWhitespace ? Self.blank : [0x20]
    var place = 0, out: [UInt8] = []
    out.reserveCapacity(text.count + 3)
    if file.removesExtraWhitespace {
      while place < text.count {
        let (bytes, end) = next(text, place)
        guard bytes.elementsEqual(CollectionOfOne(0x20)) else { break }
        place = end
      }
    }
    guard place < text.count else { return [] }
    if file.addsDummyPrefix, !file.whitespaceIsSuffix { out += blank }
    var wasBlank = file.removesExtraWhitespace
    while place < text.count {
      let (bytes, end) = next(text, place)
      work.add(end - place + bytes.count)
      let kept = wasBlank ? bytes.drop { $0 == 0x20 } : bytes
      for byte in kept { if byte == 0x20 { out += blank } else { out.append(byte) } }
      if let last = kept.last { wasBlank = last == 0x20 }
      if !file.removesExtraWhitespace { wasBlank = false }
      place = end
    }
    if file.removesExtraWhitespace {
      while out.suffix(blank.count).elementsEqual(blank) { out.removeLast(blank.count) }
    }
    if file.addsDummyPrefix, file.whitespaceIsSuffix { out += blank }
    return out
  }

  /// What the text from a position on begins with, after normalisation, and where it ends.
  private func next(_ text: [UInt8], _ start: Int) -> (ArraySlice<UInt8>, end: Int) {
    if let match = userDefined.longestMatch(in: text, from: start, at: PieceTrie.root) {
      return (text[start..<match.end], match.end)
    }
    if let (bytes, end) = charsmap?.longest(in: text, from: start) { return (bytes, end) }
    let end = start + UnigramModel.width(of: text[start], within: text.count - start)
    return (text[start..<end], end)
  }

  // MARK: Pieces

  private typealias Span = (id: Int32, range: Range<Int>)

  private func unigram(_ text: [UInt8], _ work: inout StepCounter) -> [Span] {
    struct Best {
      var id: Int32 = 0, score: Float = 0, start = -1
    }
    var best = [Best](repeating: Best(), count: text.count + 1), start = 0
    func offer(_ end: Int, _ id: Int32, _ score: Float, _ start: Int) {
      if best[end].start < 0 || score > best[end].score { best[end] = Best(id: id, score: score, start: start) }
    }
    while start < text.count {
      let width = UnigramModel.width(of: text[start], within: text.count - start), before = best[start].score
      var node = PieceTrie.root, end = start, coversScalar = false
      while end < text.count, let next = trie.child(of: node, along: text[end]) {
        (node, end) = (next, end + 1)
        guard let id = trie.id(at: node), file.pieces[Int(id)].kind != .unused else { continue }
        // A user-defined piece is nearly free.
        let isUser = file.pieces[Int(id)].kind == .userDefined
        let score = isUser ? Float(Double(before) - 0.1) : file.pieces[Int(id)].score + before
        offer(end, id, score, start)
        if end - start == width { coversScalar = true }
      }
      work.add(end - start + 1)
      if !coversScalar {
        offer(start + width, Int32(file.unknown), least - Self.unknownPenalty + before, start)
      }
      start += width
    }
    var spans: [Span] = [], end = text.count
    while end > 0 {
      spans.append((best[end].id, best[end].start..<end))
      end = best[end].start
    }
    return spans.reversed()
  }

  private struct Pair: Comparable {
    var score: Float
    var left: Int
    var right: Int
    var size: Int

    /// Higher scores come first, then earlier pairs.
    static func < (one: Pair, other: Pair) -> Bool {
      one.score != other.score ? one.score > other.score : one.left < other.left
    }
  }

  private func bytePairs(_ text: [UInt8], _ work: inout StepCounter) -> [Span] {
    var symbols: [(range: Range<Int>, isFixed: Bool)] = [], place = 0
    while place < text.count {
      let match = userDefined.longestMatch(in: text, from: place, at: PieceTrie.root)
      let end = match?.end ?? place + UnigramModel.width(of: text[place], within: text.count - place)
      symbols.append((place..<end, match != nil))
      place = end
    }
    guard !symbols.isEmpty else { return [] }
    var following = Array(1...symbols.count), previous = Array(-1..<symbols.count - 1), pairs = Heap<Pair>()
    // How a piece that is not used was merged.
    var halves: [Range<Int>: Int] = [:]
    func consider(_ left: Int, _ right: Int) {
      guard left >= 0, right < symbols.count, !symbols[left].isFixed, !symbols[right].isFixed else { return }
      let range = symbols[left].range.lowerBound..<symbols[right].range.upperBound
      guard let id = id(text[range]) else { return }
      pairs.insert(Pair(score: file.pieces[Int(id)].score, left: left, right: right, size: range.count))
      if file.pieces[Int(id)].kind == .unused { halves[range] = symbols[left].range.upperBound }
    }
    for right in symbols.indices.dropFirst() { consider(right - 1, right) }
    while let pair = pairs.popLeast() {
      let (left, right) = (symbols[pair.left].range, symbols[pair.right].range)
      guard !left.isEmpty, !right.isEmpty, left.count + right.count == pair.size else { continue }
      symbols[pair.left].range = left.lowerBound..<right.upperBound
      symbols[pair.right].range = right.upperBound..<right.upperBound
      following[pair.left] = following[pair.right]
      if following[pair.right] < symbols.count { previous[following[pair.right]] = pair.left }
      consider(previous[pair.left], pair.left)
      consider(pair.left, following[pair.left])
    }
    work.add(pairs.moves + text.count)
    var spans: [Span] = []
    var rest = symbols.map(\.range).filter { !$0.isEmpty }.reversed() as [Range<Int>]
    while let range = rest.popLast() {
      let id = id(text[range]) ?? Int32(file.unknown)
      if file.pieces[Int(id)].kind == .unused, let middle = halves[range] {
        rest += [middle..<range.upperBound, range.lowerBound..<middle]
      } else {
        spans.append((id, range))
      }
    }
    return spans
  }

  /// The id of a normal, user-defined or unused piece.
  func id(_ piece: ArraySlice<UInt8>) -> Int32? { trie.node(of: piece).flatMap { trie.id(at: $0) } }
}
