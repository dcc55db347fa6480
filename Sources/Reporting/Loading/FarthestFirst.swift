/// A choice of vectors that are unlike each other.
package enum FarthestFirst {
  /// Chooses the first candidate, then again and again the one that is farthest from all chosen ones: the one whose
  /// greatest cosine with them is the least. Of equals, the earlier candidate.
  ///
  /// - Parameters:
  ///   - vectors: Candidates in their own order of preference; `nil` where there is no vector. Those come last.
  ///   - count: How many are chosen at most.
  /// - Returns: Places of the chosen ones in the order of choice.
  /// - Complexity: O(n · count · width).
  package static func choose(_ vectors: [[Float]?], count: Int) -> [Int] {
    let width = vectors.compactMap { $0?.count }.first
    let usable = vectors.indices.filter { vectors[$0] != nil && vectors[$0]?.count == width }
    var nearest = Array(repeating: -Double.infinity, count: vectors.count)
    var chosen: [Int] = []
    while chosen.count < min(count, usable.count) {
      let open = usable.filter { !chosen.contains($0) }
      guard let next = chosen.isEmpty ? open.first : open.min(by: { (nearest[$0], $0) < (nearest[$1], $1) }) else {
        break
      }
      chosen.append(next)
      guard let vector = vectors[next] else { break }
      for place in open {
        if let other = vectors[place] { nearest[place] = max(nearest[place], SampleQuery.cosine(vector, other)) }
      }
    }
    let rest = vectors.indices.filter { !chosen.contains($0) && !usable.contains($0) }
    return chosen + rest.prefix(max(0, count - chosen.count))
  }
}
