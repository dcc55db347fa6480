package import Bytes

/// The posts nearest to a vector among the candidates, up to a limit.
///
/// They are ordered by cosine (descending), then by key (bytewise), then by post. The order is total, so the result
/// does not depend on the order of the candidates.
package struct NearestPosts {
  /// A post with its cosine.
  package struct Element: Equatable, Sendable {
    package var cosine: Double
    package var post: Int64

    package init(cosine: Double, post: Int64) {
      self.cosine = cosine
      self.post = post
    }
  }

  private let limit: Int
  /// Returns a post's key; called only if cosines are equal.
  private let key: (Int64) -> ByteText
  /// A heap with the farthest post at its root.
  private var heap: [Element] = []
  private var keys: [Int64: ByteText] = [:]

  /// Creates a selection of at most `limit` posts, from 1.
  package init(limit: Int, key: @escaping (Int64) -> ByteText) {
    self.limit = limit
    self.key = key
  }

  /// Takes a post if it is among the nearest so far.
  /// - Complexity: O(1) for most posts, O(log k) for one that stays.
  package mutating func offer(_ element: Element) {
    guard heap.count == limit else {
      heap.append(element)
      siftUp(from: heap.count - 1)
      return
    }
    guard let farthest = heap.first, element.cosine >= farthest.cosine else { return }
    guard isNearer(element, farthest) else {
      keys[element.post] = nil
      return
    }
    heap[0] = element
    keys[farthest.post] = nil
    siftDown()
  }

  /// The posts, nearest first.
  package mutating func sorted() -> [Element] {
    sortedWithKeys().map(\.element)
  }

  /// The posts with their keys, nearest first.
  package mutating func sortedWithKeys() -> [(element: Element, key: ByteText)] {
    heap.map { (element: $0, key: keyOf($0.post)) }.sorted { left, right in
      if left.element.cosine != right.element.cosine { return left.element.cosine > right.element.cosine }
      return left.key == right.key ? left.element.post < right.element.post : left.key < right.key
    }
  }

  private mutating func keyOf(_ post: Int64) -> ByteText {
    if let known = keys[post] { return known }
    let found = key(post)
    keys[post] = found
    return found
  }

  private mutating func isNearer(_ left: Element, _ right: Element) -> Bool {
    if left.cosine != right.cosine { return left.cosine > right.cosine }
    let (first, second) = (keyOf(left.post), keyOf(right.post))
    return first == second ? left.post < right.post : first < second
  }

  private mutating func siftUp(from place: Int) {
    var place = place
    while place > 0 {
      let parent = (place - 1) / 2
      guard isNearer(heap[parent], heap[place]) else { return }
      heap.swapAt(parent, place)
      place = parent
    }
  }

  private mutating func siftDown() {
    var place = 0
    while true {
      var farthest = place
      for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
        if isNearer(heap[farthest], heap[child]) { farthest = child }
      }
      guard farthest != place else { return }
      heap.swapAt(place, farthest)
      place = farthest
    }
  }
}
