/// Finds the intended name for a name that does not exist.
package enum DidYouMean {
  /// The candidate nearest to a word, or `nil` if none is near enough.
  ///
  /// Near means: at most a third of the word's letters differ (at least one may), or the word is a prefix of the
  /// candidate. If several are equally near, the first wins. Case is ignored.
  /// - Complexity: O(n · 64²) for n candidates; only the first 64 letters count.
  package static func closest(to word: String, in candidates: [String]) -> String? {
    let wanted = letters(word)
    guard !wanted.isEmpty else { return nil }
    let allowed = Swift.max(1, wanted.count / 3)
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let name = letters(candidate)
      var distance = distance(wanted, name)
      if wanted.count >= 3, name.starts(with: wanted) { distance = Swift.min(distance, 1) }
      if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// The end of a sentence, `; did you mean "labels"?`, or nothing.
  package static func hint(for word: String, in candidates: [String]) -> String {
    closest(to: word, in: candidates).map { " (did you mean \"\($0.printable)\"?)" } ?? ""
  }

  /// The letters that count: lower case, `_` and `-` alike.
  private static func letters(_ word: String) -> [Unicode.Scalar] {
    word.unicodeScalars.prefix(64).map { scalar in
      switch scalar {
      case "A"..."Z": Unicode.Scalar(UInt8(scalar.value + 32))
      case "_": "-"
      default: scalar
      }
    }
  }

  /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
  private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var before: [Int] = []
    var previous = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var current = [row + 1]
      for (column, other) in right.enumerated() {
        let change = previous[column] + (letter == other ? 0 : 1)
        var least = Swift.min(change, previous[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          least = Swift.min(least, before[column - 1] + 1)
        }
        current.append(least)
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
