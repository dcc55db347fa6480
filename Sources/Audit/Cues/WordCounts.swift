/// How many posts of each label have each token, apart for the half to learn from and the half to judge by, in memory
/// that has a bound.
///
/// When there are too many tokens, the rarer half is dropped (Manku and Motwani's lossy counting): what a token may have
/// lost before it came again is at most `missed`.
package struct WordCounts: Sendable {
  package struct Word: Sendable {
    package var spelling: String
    package var form: TokenForm
    /// Posts that may have had it before it was counted.
    package var missed: Int
    /// Posts by label, of the half to learn from.
    package var fit: [Int]
    /// Posts by label, of the half to judge by.
    package var test: [Int]

    /// Whether what may be missed cannot matter.
    package var isReliable: Bool { fit.reduce(0, +) + test.reduce(0, +) >= 20 * missed }
  }

  private struct Entry {
    var spelling: String
    var form: TokenForm
    var missed: UInt32
  }

  private let most: Int
  private var slots: [UInt64: Int32] = [:]
  private var entries: [Entry] = []
  private var counts: [UInt32] = []
  private var stride = 2
  private var dropped: UInt32 = 0

  package init(most: Int = 200_000) { self.most = most }

  /// Counts the tokens of a post.
  package mutating func add(_ scan: TextScan, label: Int, half: Int) {
    if label >= stride { widen(to: label) }
    for token in scan.tokens {
      if let slot = slots[token.hash] {
        counts[(Int(slot) * 2 + half) * stride + label] += 1
        continue
      }
      if entries.count == most { prune() }
      let slot = entries.count
      slots[token.hash] = Int32(slot)
      entries.append(
        Entry(spelling: scan.word(token), form: token.form, missed: dropped))
      counts.append(contentsOf: repeatElement(0, count: 2 * stride))
      counts[(slot * 2 + half) * stride + label] += 1
    }
  }

  /// A token's counts; `nil` where it was never met, or dropped.
  func word(_ hash: UInt64, labels: [Int]) -> Word? {
    slots[hash].map { word(slot: Int($0), labels) }
  }

  /// All tokens, in no order.
  package func words(labels: [Int]) -> [Word] { entries.indices.map { word(slot: $0, labels) } }

  private func word(slot: Int, _ labels: [Int]) -> Word {
    func half(_ half: Int) -> [Int] { labels.map { $0 < stride ? Int(counts[(slot * 2 + half) * stride + $0]) : 0 } }
    let entry = entries[slot]
    return Word(
      spelling: entry.spelling, form: entry.form, missed: Int(entry.missed), fit: half(0),
      test: half(1))
  }

  private func total(_ slot: Int) -> UInt32 {
    counts[slot * 2 * stride..<(slot + 1) * 2 * stride].reduce(entries[slot].missed, +)
  }

  /// Drops the rarer half.
  private mutating func prune() {
    let totals = entries.indices.map(total)
    dropped = max(dropped, totals.sorted()[totals.count / 2])
    var kept: [Entry] = [], keptCounts: [UInt32] = [], places = [Int32](repeating: -1, count: entries.count)
    for slot in entries.indices where totals[slot] > dropped {
      places[slot] = Int32(kept.count)
      kept.append(entries[slot])
      keptCounts += counts[slot * 2 * stride..<(slot + 1) * 2 * stride]
    }
    slots = slots.compactMapValues { places[Int($0)] < 0 ? nil : places[Int($0)] }
    (entries, counts) = (kept, keptCounts)
  }

  private mutating func widen(to label: Int) {
    var wide = stride
    while wide <= label { wide *= 2 }
    var moved = [UInt32](repeating: 0, count: 2 * entries.count * wide)
    for row in 0..<2 * entries.count {
      for label in 0..<stride { moved[row * wide + label] = counts[row * stride + label] }
    }
    (counts, stride) = (moved, wide)
  }
}
