import Inputs
import Evaluation
import Testing

@Suite struct PieceTrieTests {
  @Test func theLongestMatchEqualsANaiveSearch() {
    var random = SeededGenerator(seed: 7)
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

  @Test func anEmptyTrieFindsNothing() {
    let trie = PieceTrie([])
    #expect(trie.longestMatch(in: [1, 2], from: 0, at: PieceTrie.root) == nil)
    #expect(trie.id(at: PieceTrie.root) == nil)
  }
}

extension SeededGenerator {
  /// Up to `length` bytes of a small alphabet that includes the smallest and the largest byte.
  fileprivate mutating func bytes(upTo length: Int) -> [UInt8] {
    let alphabet: [UInt8] = [0, 97, 98, 255]
    return (0..<Int.random(in: 0...length, using: &self)).map { _ in
      alphabet[Int.random(in: 0..<4, using: &self)]
    }
  }
}
