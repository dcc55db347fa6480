/// Adds single predictions up to groups that share slice, label, truth and bin.
///
/// SQLite would sort all rows for that; here they are counted where they belong, and only groups are sorted.
struct OutcomeGroups {
  fileprivate struct Sums {
    var count = 0
    var confidence = 0.0
    var similarity = 0.0
    var truncated = 0
    var unknownShare = 0.0
  }

  /// By what the group has in common: slice, label, truth and bin in one number.
  private var groups: [UInt64: Sums] = [:]

  /// Adds a prediction.
  mutating func add(_ row: PredictionScan.Row) {
    let bin = row.similarity.map { min(Alignment.bins - 1, Int(($0 + 1) * Double(Alignment.bins) / 2)) + 1 } ?? 0
    var key: UInt64 = (row.withoutPicture ? 2 : 0) | (row.withoutText ? 1 : 0)
    // 28 bits hold more labels than a store has rows.
    key = key << 28 | UInt64(row.predicted & 0xFFF_FFFF)
    key = key << 28 | UInt64(row.truth.map { $0 + 1 } ?? 0) & 0xFFF_FFFF
    key = key << 6 | UInt64(bin)
    groups[key, default: Sums()].add(row)
  }

  /// The groups in an order that does not depend on how rows came.
  ///
  /// - Parameter names: The labels by their place.
  /// - Returns: Groups by slice, predicted label, truth and bin, labels by their bytes.
  func sorted(_ names: [String]) -> [OutcomeTally.Group] {
    var rank = Array(repeating: 0, count: names.count)
    let order = names.indices.sorted { names[$0].utf8.lexicographicallyPrecedes(names[$1].utf8) }
    for (place, name) in order.enumerated() { rank[name] = place }
    let parts = groups.map { key, sums in
      (
        slice: Int(key >> 62), predicted: Int(key >> 34 & 0xFFF_FFFF), truth: Int(key >> 6 & 0xFFF_FFFF) - 1,
        bin: Int(key & 63) - 1, sums: sums
      )
    }
    return parts.sorted { a, b in
      (a.slice, rank[a.predicted], a.truth < 0 ? -1 : rank[a.truth], a.bin)
        < (b.slice, rank[b.predicted], b.truth < 0 ? -1 : rank[b.truth], b.bin)
    }.map { part in
      OutcomeTally.Group(
        withoutPicture: part.slice & 2 != 0, withoutText: part.slice & 1 != 0, predicted: names[part.predicted],
        truth: part.truth < 0 ? nil : names[part.truth], bin: part.bin < 0 ? nil : part.bin, count: part.sums.count,
        confidence: part.sums.confidence, similarity: part.sums.similarity, truncated: part.sums.truncated,
        unknownShare: part.sums.unknownShare)
    }
  }
}

extension OutcomeGroups.Sums {
  fileprivate mutating func add(_ row: PredictionScan.Row) {
    count += 1
    confidence += row.confidence
    similarity += row.similarity ?? 0
    truncated += row.isTruncated ? 1 : 0
    unknownShare += row.unknownShare
  }
}
