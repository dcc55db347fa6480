/// The labelled posts of a sample that was drawn by a design, each with the number of the run's posts that it counts
/// for: the posts of its stratum, divided by the labelled ones there.
package struct DesignedSample: Sendable {
  /// Strata that are estimated together.
  private struct Stratum {
    /// The number of posts in the run.
    var population: Int
    /// The labelled posts of the sample.
    var posts: [Int32]
    /// The number of posts that each labelled post counts for.
    var weight: Double { Double(population) / Double(posts.count) }
    /// 1 minus the share of posts that are labelled: what is left to be uncertain about.
    var unlabelledShare: Double { max(0, 1 - Double(posts.count) / Double(max(1, population))) }
  }

  private let strata: [Stratum]
  /// The weight of each evaluated post; 0 for a post that is not in the sample.
  package let weights: [Double]
  /// The number of labelled posts in the sample.
  package var labelled: Int { strata.reduce(0) { $0 + $1.posts.count } }

  /// A sample of evaluated posts.
  ///
  /// - Parameters:
  ///   - populations: the number of the run's posts in each stratum.
  ///   - places: the stratum of each evaluated post; nil for a post that is not in the sample. Strata with fewer than
  ///     two labelled posts are joined, as in ``LabelledSample/init(_:)``.
  package init(populations: [Int], strata places: [Int?]) {
    var posts = [[Int32]](repeating: [], count: populations.count)
    for (post, place) in places.enumerated() {
      if let place, posts.indices.contains(place) { posts[place].append(Int32(post)) }
    }
    strata = LabelledSample.groups(zip(populations, posts).map { ($0, $1.count) }).together.map { group in
      Stratum(population: group.reduce(0) { $0 + populations[$1] }, posts: group.flatMap { posts[$0] })
    }.filter { !$0.posts.isEmpty }
    var weights = [Double](repeating: 0, count: places.count)
    for stratum in strata { for post in stratum.posts { weights[Int(post)] = stratum.weight } }
    self.weights = weights
  }

  /// The weights of one draw of the bootstrap (Rao and Wu 1988): in each stratum of n labelled posts, n − 1 are drawn with
  /// replacement, and the weights are rescaled so that a measure varies over the draws as much as over samples of the
  /// design. They add up to the number of posts, and a stratum whose posts are all labelled does not vary.
  package func weights(drawnBy random: inout SeededGenerator) -> [Double] {
    var drawn = weights
    for stratum in strata where stratum.posts.count > 1 && stratum.unlabelledShare > 0 {
      let count = stratum.posts.count, scale = stratum.unlabelledShare.squareRoot()
      for post in stratum.posts { drawn[Int(post)] = stratum.weight * (1 - scale) }
      let step = stratum.weight * scale * Double(count) / Double(count - 1)
      for _ in 1..<count { drawn[Int(stratum.posts[random.index(below: count)])] += step }
    }
    return drawn
  }

  /// A share of some posts of the run, such as the share of right predictions among those predicted as a label.
  ///
  /// The share is a ratio of two weighted sums; its variance is that of the linearised ratio (Cochran 1977, sections 2.11
  /// and 5.3), and its interval Wilson's for the number of posts that a random sample would need for the same variance.
  ///
  /// - Parameter count: counts some labelled posts: those that belong to the share, and all that it is a share of.
  /// - Returns: nil if the share is of no post of the sample.
  package func share(_ count: ([Int32]) -> (part: Int, whole: Int)) -> ShareEstimate? {
    let counts = strata.map { stratum in
      let counts = count(stratum.posts)
      return (part: Double(counts.part), whole: Double(counts.whole))
    }
    let sums = zip(strata, counts).reduce(into: (part: 0.0, whole: 0.0)) { sums, stratum in
      sums.part += stratum.0.weight * stratum.1.part
      sums.whole += stratum.0.weight * stratum.1.whole
    }
    guard sums.whole > 0 else { return nil }
    let share = sums.part / sums.whole
    var variance = 0.0
    for (stratum, count) in zip(strata, counts) where stratum.posts.count > 1 {
      let labelled = Double(stratum.posts.count)
      let sum = count.part - share * count.whole
      let squares = count.part * (1 - share) * (1 - share) + (count.whole - count.part) * share * share
      // A random sample divides by its number, so that the interval is Wilson's own.
      let spread = max(0, squares - sum * sum / labelled) / (strata.count == 1 ? labelled : labelled - 1)
      variance += stratum.weight * stratum.weight * stratum.unlabelledShare * labelled * spread
    }
    let posts = counts.reduce(0) { $0 + $1.whole }, rest = 1 - posts / sums.whole
    return ShareEstimate(
      share, variance: variance / (sums.whole * sums.whole), unit: share * (1 - share),
      count: rest > 1e-12 ? posts / rest : sums.whole * 1e6)
  }
}
