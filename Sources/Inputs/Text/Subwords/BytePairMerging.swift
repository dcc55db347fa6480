/// Byte-pair encoding: the pieces of a word, from its smallest symbols by the merges that a vocabulary learnt.
///
/// Sennrich, Haddow and Birch, *Neural Machine Translation of Rare Words with Subword Units* (2016), section 3.2.
package struct BytePairMerging: Sendable {
  /// What two neighbours become, and how early it was learnt: the lower rank goes first.
  private struct Merge: Sendable {
    var rank: Int32
    var piece: Int32
  }

  /// By the ids of left and right neighbour.
  private let merges: [UInt64: Merge]

  /// Creates the rules from the ids of left, right and merged piece, the first learnt first; of equal pairs the first
  /// counts. O(merges).
  package init(_ learnt: [(left: Int32, right: Int32, piece: Int32)]) {
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
  private struct Chance: Comparable {
    var rank: Int32
    var place: Int
    var left: Int32
    var right: Int32
    var piece: Int32

    static func < (one: Chance, other: Chance) -> Bool { (one.rank, one.place) < (other.rank, other.place) }
  }

  /// The pieces that symbols come to: of all neighbours that may merge, those of the lowest rank do, from the left, until
  /// none may. O(n · log n) for n symbols, so that no long word holds a corpus up.
  package func callAsFunction(_ symbols: [Int32]) -> [Int32] {
    var work = WorkCount()
    return self(symbols, &work)
  }

  /// The same pieces; the steps are counted.
  package func callAsFunction(_ symbols: [Int32], _ work: inout WorkCount) -> [Int32] {
    work.add(symbols.count)
    guard symbols.count > 1 else { return symbols }
    var ids = symbols
    var next = Array(1...symbols.count), previous = Array(-1..<(symbols.count - 1))
    var chances = Heap<Chance>()
    func consider(_ left: Int, _ right: Int) {
      guard left >= 0, right < ids.count, let merge = merges[Self.pair(ids[left], ids[right])] else { return }
      chances.insert(
        Chance(rank: merge.rank, place: left, left: ids[left], right: ids[right], piece: merge.piece))
    }
    for place in 1..<symbols.count { consider(place - 1, place) }
    while let chance = chances.popLeast() {
      let right = next[chance.place]
      // One of both may have merged with another since.
      guard right < ids.count, ids[chance.place] == chance.left, ids[right] == chance.right else { continue }
      ids[chance.place] = chance.piece
      ids[right] = Self.gone
      next[chance.place] = next[right]
      if next[right] < ids.count { previous[next[right]] = chance.place }
      consider(previous[chance.place], chance.place)
      consider(chance.place, next[chance.place])
    }
    work.add(chances.moves)
    return ids.filter { $0 != Self.gone }
  }

  /// Stands where a symbol was that its left neighbour took up.
  private static let gone = Int32.min
}

/// A binary heap.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []
  /// How often an element was compared with another so far.
  private(set) var moves = 0

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

  /// Takes the least element out; `nil` where there is none. O(log n).
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
