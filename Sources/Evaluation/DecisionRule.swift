internal import Glibc

/// Turns a model's raw probabilities into a label: scales them by a temperature, then applies a threshold for each
/// label.
package struct DecisionRule: Equatable, Sendable {
  /// Nil leaves the probabilities as they are.
  package var scaling: TemperatureScaling?
  /// The threshold of each label, in the model's order; nil picks the most likely label.
  package var thresholds: [Double]?

  package init(scaling: TemperatureScaling? = nil, thresholds: [Double]? = nil) {
    (self.scaling, self.thresholds) = (scaling, thresholds)
  }

  /// The posts with scaled probabilities and the rule's predictions.
  package func apply(to posts: LabelledPosts) -> LabelledPosts {
    posts.mapped({ scaling?.apply(&$0) }, decide: decide)
  }

  /// The label of scaled probabilities: the one with the largest ratio of probability to threshold.
  ///
  /// For two labels whose thresholds add up to 1, it is the second label if that reaches its threshold, else the first.
  package func decide(_ row: [Double]) -> Int {
    guard let thresholds, thresholds.count == row.count else { return LabelledPosts.likeliest(row) }
    return LabelledPosts.likeliest(zip(row, thresholds).map { $0 / max($1, .leastNormalMagnitude) })
  }

  /// A measure before and after the rule, on posts that were not used to fit it.
  package struct Gain: Equatable, Sendable {
    /// The measure's name for machines, such as `macro_f1`.
    package var measure: String
    /// The value with the model's own probabilities.
    package var before: Double
    /// The value with the rule; each post is answered by a rule fitted on the other folds.
    package var after: Double
  }

  /// Fits a rule to all posts, and measures the gain by cross-validation.
  ///
  /// - Parameters:
  ///   - posts: labelled posts with probabilities.
  ///   - positive: the index of the label whose F1 the threshold maximizes, for a model of two labels; nil for no
  ///     thresholds.
  ///   - folds: the number of folds.
  /// - Returns: the rule fitted to all posts, and the gains on held-out posts.
  package static func fit(
    _ posts: LabelledPosts, positive: Int?, folds: Int = 5
  ) -> (rule: DecisionRule, gains: [Gain]) {
    let all = Array(0..<Int32(posts.count))
    let rule = fit(posts, all, positive: positive)
    var after = LabelledPosts(labels: posts.labels)
    var order: [Int32] = []
    for fold in 0..<folds {
      let held = all.filter { Self.part($0, of: folds) == fold }
      let rest = all.filter { Self.part($0, of: folds) != fold }
      let rule = rest.isEmpty ? DecisionRule() : fit(posts, rest, positive: positive)
      for post in held {
        var row = posts.row(Int(post))
        let isKnown = !row.contains(where: \.isNaN)
        if isKnown { rule.scaling?.apply(&row) }
        after.add(
          truth: Int(posts.truths[Int(post)]), predicted: isKnown ? rule.decide(row) : Int(posts.predicted[Int(post)]),
          probabilities: row)
        order.append(post)
      }
    }
    after.name(posts.names)
    let none = BootstrapOptions(draws: 0)
    func measures(_ posts: LabelledPosts) -> [Measure] {
      let name = positive.map { posts.labels[$0] }
      return ConfusionMatrixMeasures.list(
        posts.matrix(all), slice: "all", positive: name, resampling: none, isWhole: false)
        + ProbabilityMeasures.list(posts, all, slice: "all", resampling: none)
    }
    let (old, new) = (measures(posts), measures(after))
    let wanted = ["accuracy", "macro_f1", "binary_f1", "brier", "log_loss", "calibration_error"]
    return (
      rule,
      wanted.compactMap { name in
        guard let before = old.first(where: { $0.name == name }), let after = new.first(where: { $0.name == name })
        else {
          return nil
        }
        return Gain(measure: name, before: before.score.value, after: after.score.value)
      }
    )
  }

  /// The fold of a post: a hash of its index, so that a regular order of the posts, such as alternating labels, does
  /// not matter.
  private static func part(_ post: Int32, of folds: Int) -> Int {
    Int((UInt64(UInt32(bitPattern: post)) &* 0x9E37_79B9_7F4A_7C15) >> 40) % folds
  }

  private static func fit(_ posts: LabelledPosts, _ chosen: [Int32], positive: Int?) -> DecisionRule {
    let scaling = TemperatureScaling(fitting: posts, chosen)
    guard let positive, posts.labels.count == 2 else { return DecisionRule(scaling: scaling) }
    var scaled = LabelledPosts(labels: posts.labels)
    for post in chosen {
      var row = posts.row(Int(post))
      if !row.contains(where: \.isNaN) { scaling.apply(&row) }
      scaled.add(truth: Int(posts.truths[Int(post)]), predicted: Int(posts.predicted[Int(post)]), probabilities: row)
    }
    scaled.name(posts.names)
    // Halfway to the next lower probability: rounding could put a post of the threshold's own probability on either side.
    let best = ThresholdSweep.steps(scaled, positive: positive).first { $0.isBest }?.threshold
    let lower = best.map { best in
      scaled.truths.indices.lazy.map { scaled.row($0)[positive] }.filter { $0 < best }.max() ?? 0
    }
    let threshold = min(max(((best ?? 0.5) + (lower ?? 0.5)) / 2, 1e-6), 1 - 1e-6)
    return DecisionRule(
      scaling: scaling, thresholds: positive == 1 ? [1 - threshold, threshold] : [threshold, 1 - threshold])
  }
}

/// Temperature scaling: p becomes p^(1/T), normalised.
///
/// Guo et al., *On Calibration of Modern Neural Networks* (2017), section 4.2: this equals dividing the logits by T.
/// The order of the labels does not change.
package struct TemperatureScaling: Equatable, Sendable {
  /// T, above 1 where the model is overconfident.
  package let temperature: Double

  /// `temperature` must be above 0.
  package init(temperature: Double) {
    precondition(temperature > 0, "a temperature is above 0")
    self.temperature = temperature
  }

  /// Fits the temperature with the lowest log loss on the posts, between 1/20 and 20; 1 without usable posts.
  ///
  /// The loss is convex in 1/T, so bisection on its slope finds the minimum.
  ///
  /// - Complexity: O(posts · labels).
  package init(fitting posts: LabelledPosts, _ chosen: some Sequence<Int32>) {
    let width = posts.labels.count
    var rows: [(logs: [Double], truth: Int)] = []
    for post in chosen {
      let truth = Int(posts.truths[Int(post)]), row = posts.row(Int(post))
      guard truth < width, !row.contains(where: \.isNaN) else { continue }
      rows.append((row.map { log(max($0, .leastNormalMagnitude)) }, truth))
    }
    // The derivative of the loss by β = 1/T: the sum over posts of E[log p] under the scaled probabilities minus log p
    // of the truth.
    func slope(_ beta: Double) -> Double {
      rows.reduce(0) { sum, row in
        let top = row.logs.max() ?? 0
        var total = 0.0, mean = 0.0
        for value in row.logs {
          let weight = exp(beta * (value - top))
          total += weight
          mean += weight * value
        }
        return sum + mean / total - row.logs[row.truth]
      }
    }
    var low = log(1 / 20.0), high = log(20.0)
    for _ in 0..<50 where !rows.isEmpty {
      let middle = (low + high) / 2
      if slope(exp(middle)) < 0 { low = middle } else { high = middle }
    }
    self.init(temperature: rows.isEmpty ? 1 : exp(-(low + high) / 2))
  }

  /// Scales one post's probabilities, one for each label.
  package func apply(_ row: inout [Double]) {
    let logs = row.map { log(max($0, .leastNormalMagnitude)) / temperature }, top = logs.max() ?? 0
    let weights = logs.map { exp($0 - top) }, total = weights.reduce(0, +)
    row = weights.map { $0 / total }
  }
}

/// The results of different thresholds on the positive label's probability: that label against the rest.
package enum ThresholdSweep {
  /// The scores at one threshold.
  package struct Step: Equatable, Sendable {
    /// Posts with at least this probability count as positive.
    package var threshold: Double
    /// The positive label's scores.
    package var scores: PrecisionRecallF1
    /// The share of posts that are classified correctly as positive or not.
    package var accuracy: Score
    /// The number of posts that count as positive.
    package var taken: Int
    /// Whether its F1 is the best. It was chosen on these posts, so expect a lower F1 on others.
    package var isBest = false
  }

  /// The scores at `count` evenly spaced thresholds between 0 and 1, and at the threshold with the best F1.
  ///
  /// - Complexity: O(n · log n).
  package static func steps(_ posts: LabelledPosts, positive: Int, count: Int = 19) -> [Step] {
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
