/// How well texts find their own pictures among those of other posts, with intervals that resample posts.
///
/// A post contributes its text, and its picture as an alternative for every other text. So the intervals are jackknife
/// intervals that leave out one post at a time. The interval of R@1 is never narrower than that of its texts alone. At
/// 0 and 1 the posts do not differ, and the intervals are Wilson's.
package struct PairRetrieval: Equatable, Sendable {
  /// R@1: the share of texts whose own picture is the nearest.
  package struct First: Equatable, Sendable {
    /// The number of pictures to choose from, the text's own included.
    package let pictures: Int
    /// The expected share over all choices of the other pictures; a tie counts as a miss.
    package let share: Estimate

    /// The share for pictures in random order.
    package var chance: Double { 1 / Double(pictures) }
  }

  /// The fewest posts for which an interval can be computed.
  package static let leastPosts = 3

  /// The number of posts that were compared.
  package let posts: Int
  /// The share of comparisons in which a text is closer to its own picture than to another; ties count half. Chance is ½.
  package let area: Estimate
  /// R@1 for each requested number of pictures, or for all pictures if there are fewer.
  package let first: [First]

  /// Whether the interval of the area includes ½.
  package var isNoBetterThanChance: Bool { area.low <= 0.5 }

  /// Compares texts with pictures.
  ///
  /// - Parameters:
  ///   - posts: the number of posts, n; the result is nil below ``leastPosts``.
  ///   - among: the numbers of pictures for R@1, each at least 2.
  ///   - similarities: called once for each post, in order: the similarities of its text to all n pictures.
  /// - Complexity: O(n²) time, O(n) memory.
  package init?(posts: Int, among: [Int] = [100], similarities: (_ text: Int) throws -> [Float]) rethrows {
    guard posts >= Self.leastPosts else { return nil }
    let n = Double(posts)
    let sizes = among.map { max(2, min($0, posts)) }.reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
    var area = Jackknife(posts), first = sizes.map { _ in Jackknife(posts) }
    for text in 0..<posts {
      let row = try similarities(text), own = row[text]
      precondition(row.count == posts, "a similarity for each picture")
      var nearer = 0
      for (picture, similarity) in row.enumerated() where picture != text {
        // NaN counts as nearer, so it never helps the score.
        let share = similarity < own ? 1 : similarity == own ? 0.5 : 0
        area.own[text] += share
        area.lost[picture] += share
        if !(similarity < own) { nearer += 1 }
      }
      for (place, size) in sizes.enumerated() {
        let others = posts - 1, drawn = size - 1, left = min(drawn, others - 1)
        first[place].own[text] = Self.chance(of: drawn, outside: nearer, of: others)
        // The text's share without one of the other pictures: `better` without a nearer one, `without` without any
        // other.
        let without = Self.chance(of: left, outside: nearer, of: others - 1)
        let better = nearer > 0 ? Self.chance(of: left, outside: nearer - 1, of: others - 1) : without
        first[place].total += without
        first[place].lost[text] += without
        for (picture, similarity) in row.enumerated() where picture != text && !(similarity < own) {
          first[place].lost[picture] -= better - without
        }
      }
    }
    self.posts = posts
    let comparisons = n * (n - 1)
    area.total = area.own.reduce(0, +)
    self.area = Self.estimate(
      area.total / comparisons,
      without: (0..<posts).map { (area.total - area.own[$0] - area.lost[$0]) / ((n - 1) * (n - 2)) })
    self.first = zip(sizes, first).map { size, first in
      First(
        pictures: size,
        share: Self.estimate(
          first.own.reduce(0, +) / n, without: first.lost.map { (first.total - $0) / (n - 1) }, own: first.own))
    }
  }

  /// Compares vectors by their inner products, in O(n² · length).
  ///
  /// - Parameters:
  ///   - texts: the posts' text vectors, all of one length.
  ///   - images: their picture vectors.
  ///   - among: the numbers of pictures for R@1.
  package init?(texts: [[Float]], images: [[Float]], among: [Int] = [100]) {
    precondition(texts.count == images.count, "a picture for each text")
    let products = InnerProducts(images)
    self.init(posts: texts.count, among: among) { products.with(texts[$0]) }
  }

  /// Sums from which the contribution of each post can be removed.
  private struct Jackknife {
    /// The contribution of each text.
    var own: [Double]
    /// What else is lost without each post.
    var lost: [Double]
    var total = 0.0

    init(_ posts: Int) { (own, lost) = (Array(repeating: 0, count: posts), Array(repeating: 0, count: posts)) }
  }

  /// The probability that `drawn` of `all` things, picked at random, include none of the `outside` marked ones.
  private static func chance(of drawn: Int, outside: Int, of all: Int) -> Double {
    var chance = 1.0
    for step in 0..<drawn {
      guard outside + step < all else { return 0 }
      chance *= Double(all - outside - step) / Double(all - step)
    }
    return chance
  }

  /// A share with its jackknife interval, from the shares `without` each post. `own` are the texts' own shares, whose
  /// mean is `value`.
  private static func estimate(_ value: Double, without: [Double], own: [Double] = []) -> Estimate {
    let count = without.count, n = Double(count)
    if value <= 0 || value >= 1 { return .share(value <= 0 ? 0 : count, of: count) }
    let mean = without.reduce(0, +) / n
    let jackknife = (n - 1) / n * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // Ranks change in steps. With few posts, a post's own share and its picture's effect on others may cancel, so the
    // interval is at least as wide as that of the texts alone.
    let texts = own.reduce(0) { $0 + ($1 - value) * ($1 - value) } / (n * (n - 1))
    let variance = max(jackknife, texts)
    let half = Estimate.quantile(1) * variance.squareRoot()
    return Estimate(value: value, low: max(0, value - half), high: min(1, value + half), count: count)
  }
}

/// Inner products of one vector with many, summed in the same order on every machine.
struct InnerProducts {
  private let values: [Float]
  private let count: Int
  private let width: Int
  /// The length rounded up to a multiple of 8, the width of a register.
  private let padded: Int

  init(_ vectors: [[Float]]) {
    let width = vectors.first?.count ?? 0, padded = (width + 7) / 8 * 8
    var values: [Float] = []
    values.reserveCapacity(padded * vectors.count)
    for vector in vectors {
      precondition(vector.count == width, "vectors of one length")
      values += vector + repeatElement(0, count: padded - width)
    }
    (self.values, self.count, self.width, self.padded) = (values, vectors.count, width, padded)
  }

  /// The product with each vector, in order.
  func with(_ vector: [Float]) -> [Float] {
    precondition(vector.count == width, "vectors of one length")
    let vector = vector + repeatElement(0, count: padded - width)
    return vector.withUnsafeBytes { a in
      values.withUnsafeBytes { b in
        (0..<count).map { index in
          var lanes = SIMD8<Float>()
          for place in stride(from: 0, to: padded, by: 8) {
            lanes +=
              a.loadUnaligned(fromByteOffset: 4 * place, as: SIMD8<Float>.self)
              * b.loadUnaligned(fromByteOffset: 4 * (index * padded + place), as: SIMD8<Float>.self)
          }
          return lanes.sum()
        }
      }
    }
  }
}
