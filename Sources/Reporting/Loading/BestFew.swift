/// The first few elements of a long row by some order, in that order, whatever order they come in.
package struct BestFew<Element> {
  /// The elements kept, the best first.
  package private(set) var elements: [Element] = []
  private let limit: Int
  private let comesBefore: (Element, Element) -> Bool

  /// Keeps at most `limit` elements. The order must tell any two apart, or what comes first may stay.
  package init(_ limit: Int, comesBefore: @escaping (Element, Element) -> Bool) {
    (self.limit, self.comesBefore) = (limit, comesBefore)
  }

  /// Takes an element where it is among the best so far.
  ///
  /// - Complexity: O(1) for one that is not, else O(limit).
  package mutating func add(_ element: Element) {
    guard limit > 0 else { return }
    if elements.count == limit {
      guard let last = elements.last, comesBefore(element, last) else { return }
      elements.removeLast()
    }
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      if comesBefore(element, elements[middle]) { high = middle } else { low = middle + 1 }
    }
    elements.insert(element, at: low)
  }
}
