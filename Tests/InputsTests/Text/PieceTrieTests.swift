import Inputs
import Testing

@Suite struct PieceTrieTests {
  @Test func theLongestMatchIsThatOfANaiveSearch() {
    var random = SplitMix(state: 7)
    for _ in 0..<200 {
      let pieces = (0..<40).map { id in
        (bytes: random.bytes(upTo: 5)[...], id: Int32(id))
      }
      let trie = PieceTrie(pieces)
      for _ in 0..<50 {
        let word = random.bytes(upTo: 12)
        for start in word.indices {
          let naive = (start + 1..<word.count + 1).reversed().lazy.compactMap { end in
            pieces.last { $0.bytes == word[start..<end] }.map { ($0.id, end) }
          }.first
          let found = trie.longestMatch(in: word, from: start, at: PieceTrie.root)
          #expect(found?.id == naive?.0 && found?.end == naive?.1)
        }
      }
      for piece in pieces {
        let last = pieces.last { $0.bytes == piece.bytes }?.id
        #expect(trie.node(of: piece.bytes).flatMap { trie.id(at: $0) } == last)
      }
    }
  }

  @Test func aTrieOfNothingFindsNothing() {
    let trie = PieceTrie([])
    #expect(trie.longestMatch(in: [1, 2], from: 0, at: PieceTrie.root) == nil)
    #expect(trie.id(at: PieceTrie.root) == nil)
  }
}

/// A small generator of the same numbers every time.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Up to so many bytes of a small alphabet that includes the ends of the range.
  mutating func bytes(upTo length: Int) -> [UInt8] {
    let alphabet: [UInt8] = [0, 97, 98, 255]
    return (0..<Int.random(in: 0...length, using: &self)).map { _ in
      alphabet[Int.random(in: 0..<4, using: &self)]
    }
  }
}
