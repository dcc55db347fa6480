/// A trie over bytes that finds, in one walk, the longest piece that continues a word at a position.
///
/// Nodes are numbered level by level, so a node's children are next to each other, sorted by byte, and are found by
/// bisection: even a hostile vocabulary needs at most eight comparisons per step. A node takes nine bytes.
package struct PieceTrie: Sendable {
  /// A node's number; the root is 0.
  package typealias Node = Int

  /// The node of the empty piece.
  package static let root: Node = 0

  /// Per node, its first child; one entry more than nodes, so that children end where the next node's begin.
  private var firstChild: [UInt32] = []
  /// Per node, the byte on the edge from its parent.
  private var labels: [UInt8] = [0]
  /// Per node, the id of the piece that ends there, or −1.
  private var ids: [Int32] = [-1]

  /// Creates a trie of pieces and their ids; if pieces are equal, the last one counts.
  ///
  /// O(bytes · log pieces).
  package init(_ pieces: [(bytes: ArraySlice<UInt8>, id: Int32)]) {
    let sorted = pieces.sorted { a, b in
      switch a.bytes.compare(b.bytes) {
      case 0: a.id < b.id
      case let order: order < 0
      }
    }
    // Per node of a level, the sorted pieces that pass through it; and of the next.
    var passing = [0..<sorted.count]
    var deeper: [Range<Int>] = []
    var node = 0
    var depth = 0
    var levelStart = 0
    var levelEnd = 1
    while node < labels.count {
      firstChild.append(UInt32(labels.count))
      var position = passing[node - levelStart].lowerBound
      let end = passing[node - levelStart].upperBound
      while position < end, sorted[position].bytes.count == depth {
        ids[node] = sorted[position].id
        position += 1
      }
      while position < end {
        let label = sorted[position].bytes[sorted[position].bytes.startIndex + depth]
        let start = position
        while position < end, sorted[position].bytes[sorted[position].bytes.startIndex + depth] == label {
          position += 1
        }
        labels.append(label)
        ids.append(-1)
        deeper.append(start..<position)
      }
      node += 1
      if node == levelEnd {
        depth += 1
        (levelStart, levelEnd) = (node, labels.count)
        (passing, deeper) = (deeper, [])
      }
    }
    firstChild.append(UInt32(labels.count))
  }

  /// The child of a node along a byte, or `nil`.
  func child(of node: Node, along byte: UInt8) -> Node? {
    var low = Int(firstChild[node])
    var high = Int(firstChild[node + 1])
    while low < high {
      let middle = (low + high) / 2
      if labels[middle] == byte { return middle }
      if labels[middle] < byte { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The id of the piece that ends at a node, or `nil`.
  package func id(at node: Node) -> Int32? {
    ids[node] < 0 ? nil : ids[node]
  }

  /// The node that a whole piece leads to, or `nil`.
  package func node(of piece: some Sequence<UInt8>) -> Node? {
    var node = Self.root
    for byte in piece {
      guard let next = child(of: node, along: byte) else { return nil }
      node = next
    }
    return node
  }

  /// The longest piece in `bytes` from `start` on, walked from `node`, with its end; `nil` if there is none.
  ///
  /// At least one byte is read, so a piece that ends at `node` itself is never returned.
  package func longestMatch(in bytes: [UInt8], from start: Int, at node: Node) -> (id: Int32, end: Int)? {
    var node = node
    var position = start
    var found: (id: Int32, end: Int)?
    while position < bytes.count, let next = child(of: node, along: bytes[position]) {
      node = next
      position += 1
      if ids[node] >= 0 { found = (ids[node], position) }
    }
    return found
  }
}

extension ArraySlice<UInt8> {
  /// Negative, zero or positive as these bytes come before, equal or come after others.
  fileprivate func compare(_ other: Self) -> Int {
    for (mine, theirs) in zip(self, other) where mine != theirs { return mine < theirs ? -1 : 1 }
    return count - other.count
  }
}
