import Glibc

/// The number of posts of each label with each token, separately for the learning half and the testing half, in bounded
/// memory.
///
/// If there are too many tokens, the rarer half is dropped (Manku and Motwani's lossy counting): a token may have lost
/// at most `missed` posts before it occurred again.
package struct WordCounts: Sendable {
  package struct Word: Sendable {
    package var spelling: String
    var hash: UInt64
    package var form: TokenForm
    /// The maximum number of posts with it before it was counted.
    package var missed: Int
    /// Posts by label, in the learning half.
    package var fit: [Int]
    /// Posts by label, in the testing half.
    package var test: [Int]

    /// Whether the missed posts cannot matter.
    package var isReliable: Bool { fit.reduce(0, +) + test.reduce(0, +) >= 20 * missed }
  }

  private struct Entry {
    var spelling: String
    var hash: UInt64
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
        Entry(spelling: scan.word(token), hash: token.hash, form: token.form, missed: dropped))
      counts.append(contentsOf: repeatElement(0, count: 2 * stride))
      counts[(slot * 2 + half) * stride + label] += 1
    }
  }

  /// A token's counts; `nil` if it never occurred, or was dropped.
  func word(_ hash: UInt64, labels: [Int]) -> Word? {
    slots[hash].map { word(slot: Int($0), labels) }
  }

  /// All tokens, in no order.
  package func words(labels: [Int]) -> [Word] { entries.indices.map { word(slot: $0, labels) } }

  private func word(slot: Int, _ labels: [Int]) -> Word {
    func half(_ half: Int) -> [Int] { labels.map { $0 < stride ? Int(counts[(slot * 2 + half) * stride + $0]) : 0 } }
    let entry = entries[slot]
    return Word(
      spelling: entry.spelling, hash: entry.hash, form: entry.form, missed: Int(entry.missed), fit: half(0),
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

/// The accuracy of all words of a text together: a naive Bayes rule, learnt on one half and tested on a bounded sample
/// of the other.
struct NaiveBayesProbe: Sendable {
  private struct Post {
    var order: UInt64
    var label: Int
    var tokens: [UInt64]
  }

  private let most: Int
  /// The maximum number of tokens of a post.
  private static let maximumTokens = 512
  /// Posts whose number is above this are left out.
  private var bound = UInt64.max
  private var posts: [Post] = []

  init(most: Int = 20_000) { self.most = most }

  /// Keeps a post of the testing half; `order` is a fixed number that spreads posts evenly.
  mutating func add(_ scan: TextScan, label: Int, order: UInt64) {
    guard order <= bound else { return }
    posts.append(
      Post(
        order: order, label: label,
        tokens: scan.tokens.lazy.filter { $0.form != .invisible }.prefix(Self.maximumTokens).map(\.hash)))
    guard posts.count > most else { return }
    // The half with the smaller numbers stays.
    posts.sort { $0.order < $1.order }
    posts.removeLast(posts.count / 2)
    bound = posts.last?.order ?? 0
  }

  /// The rule's accuracy; `nil` if a label has no held-out post, or nothing was learnt.
  func score(_ words: WordCounts, labels: [Int]) -> CueScore? {
    let all = words.words(labels: labels).filter { $0.isReliable && $0.form != .invisible }
    let totals = labels.indices.map { label in all.reduce(0) { $0 + $1.fit[label] } }
    guard totals.allSatisfy({ $0 > 0 }) else { return nil }
    let width = Double(max(1, all.count))
    var weights: [UInt64: [Double]?] = [:]
    var (truth, said, right) = (labels.map { _ in 0 }, labels.map { _ in 0 }, labels.map { _ in 0 })
    for post in posts {
      guard let label = labels.firstIndex(of: post.label) else { continue }
      var sums = labels.map { _ in 0.0 }
      for token in post.tokens {
        let weight: [Double]?
        if let known = weights[token] {
          weight = known
        } else {
          weight = words.word(token, labels: labels).flatMap { word in
            guard word.isReliable, word.fit.reduce(0, +) > 0 else { return nil }
            return labels.indices.map { log((Double(word.fit[$0]) + 1) / (Double(totals[$0]) + width)) }
          }
          weights[token] = .some(weight)
        }
        guard let weight else { continue }
        for place in sums.indices { sums[place] += weight[place] }
      }
      let answer = sums.indices.max { (sums[$0], $1) < (sums[$1], $0) } ?? 0
      truth[label] += 1
      said[answer] += 1
      if answer == label { right[label] += 1 }
    }
    return CueRule.score(truth: truth, said: said, right: right)
  }
}
