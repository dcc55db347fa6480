/// Byte-pair encoding: the pieces of a word, from its smallest symbols by the merges that a vocabulary learnt.
///
/// Sennrich, Haddow and Birch, *Neural Machine Translation of Rare Words with Subword Units* (2016), section 3.2.
package struct BytePairMerging: Sendable {
  /// The piece that two neighbours are merged into, and its rank in training: the lower rank is merged first.
  private struct Merge: Sendable {
    var rank: Int32
    var piece: Int32
  }

  /// By the ids of left and right neighbour.
  private let merges: [UInt64: Merge]
  /// Whether all pairs of a rank are merged before any pair that they make possible.
  private let inRounds: Bool

  /// Creates the rules from the ids of the left, right and merged piece, in the order learnt; if pairs are equal, the
  /// first counts. O(merges).
  package init(_ learnt: [(left: Int32, right: Int32, piece: Int32)], inRounds: Bool = false) {
    self.inRounds = inRounds
    var merges: [UInt64: Merge] = [:]
    merges.reserveCapacity(learnt.count)
    for (rank, rule) in learnt.enumerated() where merges[Self.pair(rule.left, rule.right)] == nil {
      merges[Self.pair(rule.left, rule.right)] = Merge(rank: Int32(rank), piece: rule.piece)
    }
    self.merges = merges
  }

  private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// A merge that was possible when it was found.
  private struct MergeCandidate: Comparable {
    var rank: Int32
    var place: Int
    var left: Int32
    var right: Int32
    var piece: Int32

    static func < (one: MergeCandidate, other: MergeCandidate) -> Bool {
      (one.rank, one.place) < (other.rank, other.place)
    }
  }

  /// The pieces of a word: of all neighbours that can be merged, those of the lowest rank are merged, from the left,
  /// until none can be. O(n · log n) for n symbols, so a long word takes no excessive time.
  package func callAsFunction(_ symbols: [Int32]) -> [Int32] {
    var work = StepCounter()
    return self(symbols, &work)
  }

  /// The same pieces; the steps are counted.
  package func callAsFunction(_ symbols: [Int32], _ work: inout StepCounter) -> [Int32] {
    work.add(symbols.count)
    guard symbols.count > 1 else { return symbols }
    var ids = symbols
    var following = Array(1...symbols.count), previous = Array(-1..<(symbols.count - 1))
    var candidates = Heap<MergeCandidate>()
    var round: [MergeCandidate] = []
    func consider(_ left: Int, _ right: Int) {
      guard left >= 0, right < ids.count, let merge = merges[Self.pair(ids[left], ids[right])] else { return }
      let candidate = MergeCandidate(
        rank: merge.rank, place: left, left: ids[left], right: ids[right], piece: merge.piece)
      if inRounds { round.append(candidate) } else { candidates.insert(candidate) }
    }
    /// The next candidate; those found in a round join the others when it ends.
    var rank: Int32? = -1
    func next() -> MergeCandidate? {
      if candidates.least?.rank != rank {
        round.forEach { candidates.insert($0) }
        round.removeAll(keepingCapacity: true)
        rank = candidates.least?.rank
      }
      return candidates.popLeast()
    }
    for place in 1..<symbols.count { consider(place - 1, place) }
    while let candidate = next() {
      let right = following[candidate.place]
      // One of them may already have been merged with another.
      guard right < ids.count, ids[candidate.place] == candidate.left, ids[right] == candidate.right else { continue }
      ids[candidate.place] = candidate.piece
      ids[right] = Self.gone
      following[candidate.place] = following[right]
      if following[right] < ids.count { previous[following[right]] = candidate.place }
      consider(previous[candidate.place], candidate.place)
      consider(candidate.place, following[candidate.place])
    }
    work.add(candidates.moves)
    return ids.filter { $0 != Self.gone }
  }

  /// Marks a symbol that was merged into its left neighbour.
  private static let gone = Int32.min
}

/// A binary heap.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []
  /// How often an element was compared with another so far.
  private(set) var moves = 0

  /// The least element.
  var least: Element? { elements.first }

  /// Adds an element. O(log n).
  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    moves += 1
    while place > 0, elements[place] < elements[(place - 1) / 2] {
      moves += 1
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Removes and returns the least element; `nil` if the heap is empty. O(log n).
  mutating func popLeast() -> Element? {
    guard let least = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return least }
    elements[0] = last
    var place = 0
    while true {
      var smaller = 2 * place + 1
      guard smaller < elements.count else { return least }
      if smaller + 1 < elements.count, elements[smaller + 1] < elements[smaller] { smaller += 1 }
      moves += 2
      guard elements[smaller] < elements[place] else { return least }
      elements.swapAt(place, smaller)
      place = smaller
    }
  }
}

/// The letters that byte-level vocabularies write bytes with, so that every piece is printable text.
///
/// Printable bytes of Latin-1 are written as themselves, all others as the letters from U+0100 on, in order (Radford et
/// al., *Language Models are Unsupervised Multitask Learners*, 2019, section 2.2, as released).
enum ByteAlphabet {
  /// The letter of each byte.
  static let letters: [Unicode.Scalar] = {
    var letters: [Unicode.Scalar] = []
    var spare: UInt32 = 0x100
    for byte in UInt8.min...UInt8.max {
      switch byte {
      case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: letters.append(Unicode.Scalar(byte))
      default:
        letters.append(Unicode.Scalar(spare) ?? "\u{FFFD}")
        spare += 1
      }
    }
    return letters
  }()
}

/// The pieces of a word by a unigram language model: the most probable segmentation.
///
/// Kudo, *Subword Regularization* (2018), section 3.1; Viterbi's algorithm over the bytes.
struct UnigramModel: Sendable {
  /// The maximum size of a piece in bytes. The longest in common use have a few dozen; each byte of a word takes this
  /// many steps.
  static let longestPiece = 512
  /// How much lower than the rarest piece's score a scalar without a piece is scored.
  private static let unknownPenalty = 10.0

  private let trie: PieceTrie
  private let scores: [Double]
  private let unknown: Int32
  private let unknownScore: Double
  /// The pieces of bytes, by which unknown text is written instead; empty where it is not.
  private var bytePieces: [Int32?] = []

  /// Creates a model of pieces and their log-probabilities; a piece's index is its id, and if pieces are equal, the
  /// last one counts. `fallsBackToBytes`: whether unknown text is written in pieces such as `<0x0A>`, if there are all.
  init(_ pieces: [(text: String, score: Double)], unknown: Int32, fallsBackToBytes: Bool = false) {
    trie = PieceTrie(pieces.enumerated().map { (ArraySlice($1.text.utf8), Int32($0)) })
    scores = pieces.map(\.score)
    self.unknown = unknown
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
    guard fallsBackToBytes else { return }
    bytePieces = (UInt8.min...UInt8.max).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return trie.node(of: "<0x\(digits.utf8.count < 2 ? "0" : "")\(digits)>".utf8).flatMap { trie.id(at: $0) }
    }
  }

  /// The best way to reach a position in the word.
  private struct ViterbiCell {
    var score = 0.0
    var piece: Int32 = 0
    var start = -1
  }

  /// The ids of a word's pieces; adjacent scalars that no piece covers become one unknown piece.
  /// O(bytes · longest piece).
  func callAsFunction(_ word: [UInt8], _ work: inout StepCounter) -> [Int32] {
    var ways = [ViterbiCell](repeating: ViterbiCell(), count: word.count + 1)
    func offer(_ end: Int, _ way: ViterbiCell) {
      if ways[end].start < 0 || way.score > ways[end].score { ways[end] = way }
    }
    var start = 0
    while start < word.count {
      let width = Self.width(of: word[start], within: word.count - start), score = ways[start].score
      var node = PieceTrie.root, end = start, coversScalar = false
      while end < word.count, let next = trie.child(of: node, along: word[end]) {
        (node, end) = (next, end + 1)
        guard let id = trie.id(at: node) else { continue }
        offer(end, ViterbiCell(score: scores[Int(id)] + score, piece: id, start: start))
        if end - start == width { coversScalar = true }
      }
      work.add(end - start + 1)
      if !coversScalar { offer(start + width, ViterbiCell(score: unknownScore + score, piece: unknown, start: start)) }
      start += width
    }
    var pieces: [Int32] = [], end = word.count
    while end > 0 {
      // Every scalar's end has an entry, so the way back is always complete.
      var start = ways[end].start
      if ways[end].piece == unknown {
        while start > 0, ways[start].piece == unknown { start = ways[start].start }
        pieces += spelled(word[start..<end]).reversed()
      } else {
        pieces.append(ways[end].piece)
      }
      end = start
    }
    return pieces.reversed()
  }

  /// The pieces of bytes that are unknown: those of the bytes if the vocabulary has all of them.
  private func spelled(_ bytes: ArraySlice<UInt8>) -> [Int32] {
    guard !bytePieces.isEmpty else { return [unknown] }
    if let whole = trie.node(of: bytes).flatMap({ trie.id(at: $0) }) { return [whole] }
    let ids = bytes.compactMap { bytePieces[Int($0)] }
    return ids.count == bytes.count ? ids : [unknown]
  }

  /// The bytes of the scalar that a byte leads.
  static func width(of lead: UInt8, within rest: Int) -> Int {
    let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    return Swift.min(width, rest)
  }
}
