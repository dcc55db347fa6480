import Glibc

/// How far the words of a text lead when they are all taken together: a naive Bayes rule, learnt on one half, judged on a
/// bounded sample of the other.
struct WordsTogether: Sendable {
  private struct Post {
    var order: UInt64
    var label: Int
    var tokens: [UInt64]
  }

  private let most: Int
  /// The tokens of a post that are kept.
  private static let mostTokens = 512
  /// Posts whose number is beyond this are left out.
  private var bound = UInt64.max
  private var posts: [Post] = []

  init(most: Int = 20_000) { self.most = most }

  /// Keeps a post of the half to judge by; `order` is a number that spreads posts evenly and stays the same.
  mutating func add(_ scan: TextScan, label: Int, order: UInt64) {
    guard order <= bound else { return }
    posts.append(
      Post(
        order: order, label: label,
        tokens: scan.tokens.lazy.filter { $0.form != .invisible }.prefix(Self.mostTokens).map(\.hash)))
    guard posts.count > most else { return }
    // The half with the least numbers stays.
    posts.sort { $0.order < $1.order }
    posts.removeLast(posts.count / 2)
    bound = posts.last?.order ?? 0
  }

  /// What the rule gets right; `nil` where a label has no post to judge by, or nothing was learnt.
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
