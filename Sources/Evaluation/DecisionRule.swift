/// What turns a model's raw probabilities into an answer: a temperature, and thresholds on labels' probabilities.
public struct DecisionRule: Equatable, Sendable {
  /// How probabilities are scaled; nil for not at all.
  public var scaling: TemperatureScaling?
  /// By the labels' places, how much of a probability counts as enough; nil for the likeliest label.
  public var thresholds: [Double]?

  /// A rule.
  public init(scaling: TemperatureScaling? = nil, thresholds: [Double]? = nil) {
    (self.scaling, self.thresholds) = (scaling, thresholds)
  }

  /// The posts as the rule answers them.
  public func apply(to posts: LabelledPosts) -> LabelledPosts {
    posts.mapped({ scaling?.apply(&$0) }, decide: decide)
  }

  /// The label of scaled probabilities: the one that stands highest over its threshold, in proportion.
  ///
  /// With two labels whose thresholds add up to 1 that is: the second where it reaches its threshold, else the first.
  public func decide(_ row: [Double]) -> Int {
    guard let thresholds, thresholds.count == row.count else { return LabelledPosts.likeliest(row) }
    return LabelledPosts.likeliest(zip(row, thresholds).map { $0 / max($1, .leastNormalMagnitude) })
  }

  /// What a rule gained on posts that took no part in fitting it.
  public struct Gain: Equatable, Sendable {
    /// The measure's name.
    public var measure: String
    /// As the model says by itself.
    public var before: Double
    /// With the rule, each post answered by a rule fitted on the other folds.
    public var after: Double
  }

  /// The rule that fits posts, and what rules fitted in the same way gain on posts they have not seen.
  ///
  /// - Parameters:
  ///   - posts: labelled posts with probabilities.
  ///   - positive: with two labels, the place of the one whose F1 its threshold is to raise; nil for no thresholds.
  ///   - folds: into how many parts posts are cut, in turn.
  /// - Returns: the rule of all posts, and the gains on posts held out.
  public static func fit(
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
    let none = Resampling(draws: 0)
    func measures(_ posts: LabelledPosts) -> [Measure] {
      let name = positive.map { posts.labels[$0] }
      return MatrixMeasures.list(
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

  /// The fold of a post: spread by its number, so that no order of the posts, such as one of each label in turn, shows.
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
    let best = ThresholdSweep.steps(scaled, positive: positive).first { $0.isBest }?.threshold ?? 0.5
    let threshold = min(max(best, 1e-6), 1 - 1e-6)
    return DecisionRule(
      scaling: scaling, thresholds: positive == 1 ? [1 - threshold, threshold] : [threshold, 1 - threshold])
  }
}
