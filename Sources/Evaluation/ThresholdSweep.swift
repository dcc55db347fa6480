/// What each threshold on the positive label's probability would give, for a model of any number of labels: positive
/// against the rest.
public enum ThresholdSweep {
  /// A threshold's outcome.
  public struct Step: Equatable, Sendable {
    /// Posts with at least this probability count as positive.
    public var threshold: Double
    /// The positive label's scores.
    public var scores: PrecisionRecallF1
    /// The share of posts that are told rightly, positive from the rest.
    public var accuracy: Score
    /// How many posts count as positive.
    public var taken: Int
    /// Whether its F1 is the best: chosen on these very posts, so others will find it lower.
    public var isBest = false
  }

  /// The outcomes of so many evenly spaced thresholds between 0 and 1, and of the one with the best F1 of all.
  ///
  /// - Complexity: O(n · log n).
  public static func steps(_ posts: LabelledPosts, positive: Int, count: Int = 19) -> [Step] {
    let width = posts.labels.count
    var scored: [(score: Double, isPositive: Bool)] = []
    for post in posts.truths.indices {
      let score = posts.probabilities[post * width + positive]
      if !score.isNaN { scored.append((Double(score), posts.truths[post] == Int32(positive))) }
    }
    guard !scored.isEmpty else { return [] }
    scored.sort { $0.score > $1.score }
    let positives = scored.count { $0.isPositive }
    func step(_ threshold: Double, taken: Int, hits: Int) -> Step {
      Step(
        threshold: threshold,
        scores: PrecisionRecallF1(
          precision: Score(hits, of: taken), recall: Score(hits, of: positives),
          f1: Score(2 * hits, of: taken + positives)),
        accuracy: Score(hits + scored.count - positives - (taken - hits), of: scored.count), taken: taken)
    }
    var best: Step?, hits = 0
    var grid = (1...count).map { Double($0) / Double(count + 1) }, steps: [Step] = []
    for (place, post) in scored.enumerated() {
      while let last = grid.last, post.score < last {
        steps.append(step(last, taken: place, hits: hits))
        grid.removeLast()
      }
      if post.isPositive { hits += 1 }
      guard place + 1 == scored.count || scored[place + 1].score < post.score else { continue }
      let found = step(post.score, taken: place + 1, hits: hits)
      if found.scores.f1.value > best?.scores.f1.value ?? -1 { best = found }
    }
    for last in grid.reversed() { steps.append(step(last, taken: scored.count, hits: hits)) }
    if var best {
      best.isBest = true
      steps.append(best)
    }
    return steps.sorted { ($0.threshold, $0.isBest ? 1 : 0) < ($1.threshold, $1.isBest ? 1 : 0) }
  }
}
