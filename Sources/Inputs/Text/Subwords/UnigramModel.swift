/// The pieces of a word by a unigram language model: of all ways to cut it, the likeliest.
///
/// Kudo, *Subword Regularization* (2018), section 3.1; Viterbi's algorithm over the bytes.
struct UnigramModel: Sendable {
  /// The bytes that a piece may have. The longest in common use have some dozens, and a word takes as many steps a byte.
  static let longestPiece = 512
  /// What a scalar that no piece covers costs, below the rarest piece.
  private static let unknownPenalty = 10.0

  private let trie: PieceTrie
  private let scores: [Double]
  private let unknown: Int32
  private let unknownScore: Double

  /// Creates a model of pieces and their log-probabilities; a piece's place is its id, of equal pieces the last counts.
  init(_ pieces: [(text: String, score: Double)], unknown: Int32) {
    trie = PieceTrie(pieces.enumerated().map { (ArraySlice($1.text.utf8), Int32($0)) })
    scores = pieces.map(\.score)
    self.unknown = unknown
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
  }

  /// The best way to reach a place in the word.
  private struct Way {
    var score = 0.0
    var piece: Int32 = 0
    var start = -1
  }

  /// The ids of a word's pieces; scalars that no piece covers become one unknown piece where they stand together.
  /// O(bytes · longest piece).
  func callAsFunction(_ word: [UInt8], _ work: inout WorkCount) -> [Int32] {
    var ways = [Way](repeating: Way(), count: word.count + 1)
    func offer(_ end: Int, _ way: Way) {
      if ways[end].start < 0 || way.score > ways[end].score { ways[end] = way }
    }
    var start = 0
    while start < word.count {
      let width = Self.width(of: word[start], within: word.count - start), score = ways[start].score
      var node = PieceTrie.root, end = start, coversScalar = false
      while end < word.count, let next = trie.child(of: node, along: word[end]) {
        (node, end) = (next, end + 1)
        guard let id = trie.id(at: node) else { continue }
        offer(end, Way(score: scores[Int(id)] + score, piece: id, start: start))
        if end - start == width { coversScalar = true }
      }
      work.add(end - start + 1)
      if !coversScalar { offer(start + width, Way(score: unknownScore + score, piece: unknown, start: start)) }
      start += width
    }
    var pieces: [Int32] = [], end = word.count
    while end > 0 {
      // Every scalar's end was offered a way, so the way back never breaks off.
      let way = ways[end]
      if way.piece != unknown || pieces.last != unknown { pieces.append(way.piece) }
      end = way.start
    }
    return pieces.reversed()
  }

  /// The bytes of the scalar that a byte leads.
  static func width(of lead: UInt8, within rest: Int) -> Int {
    let width = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    return Swift.min(width, rest)
  }
}
