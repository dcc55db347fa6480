/// Finds the name that was probably meant.
enum Spelling {
  /// The known name within two edits (or a third of the length) of a mistyped one; the first of equals.
  ///
  /// - Complexity: O(Σ length²) on at most 64 bytes a name; longer names are never near.
  static func nearest(to name: String, in known: [String]) -> String? {
    let wanted = Array(name.utf8.prefix(65))
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    var best: (name: String, edits: Int)?
    for candidate in known.prefix(1000) {
      let letters = Array(candidate.utf8.prefix(65))
      guard letters.count <= 64 else { continue }
      let edits = distance(wanted, letters)
      guard edits <= max(2, wanted.count / 3), edits < letters.count else { continue }
      if best.map({ edits < $0.edits }) ?? true { best = (candidate, edits) }
    }
    return best?.name
  }

  /// Levenshtein's distance: insertions, deletions and substitutions of bytes.
  static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1))
        diagonal = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
