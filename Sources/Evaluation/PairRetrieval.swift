/// How well texts find their own pictures among those of other posts, with intervals whose unit is the post.
///
/// A post is drawn as a whole: its text, and its picture as an alternative for every other text. So the intervals leave
/// out one post at a time (the jackknife), and at 0 and 1, where the posts do not differ, they are Wilson's.
package struct PairRetrieval: Equatable, Sendable {
  /// R@1: how often a text's own picture is the nearest.
  package struct First: Equatable, Sendable {
    /// Among so many pictures, its own included.
    package let pictures: Int
    /// The expected share of texts, over all choices of the other pictures; one that is as near counts as nearer.
    package let share: Estimate

    /// The share if pictures were ordered by chance.
    package var chance: Double { 1 / Double(pictures) }
  }

  /// The fewest posts that have an interval.
  package static let leastPosts = 3

  /// The posts that were compared.
  package let posts: Int
  /// The share of comparisons in which a text is closer to its own picture than to another; ties count half. Chance is ½.
  package let area: Estimate
  /// R@1 among each number of pictures that was asked for, at most as many as there are posts.
  package let first: [First]

  /// Whether nothing says that a text is closer to its own picture than to another.
  package var isNoBetterThanChance: Bool { area.low <= 0.5 }

  /// Compares texts with pictures.
  ///
  /// - Parameters:
  ///   - posts: their number n; nil is returned for fewer than ``leastPosts``.
  ///   - among: the numbers of pictures for R@1, each from 2.
  ///   - similarities: called once for each post, in order: the similarities of its text to all n pictures.
  /// - Complexity: O(n²) time, O(n) memory.
  package init?(posts: Int, among: [Int] = [100], similarities: (_ text: Int) throws -> [Float]) rethrows {
    guard posts >= Self.leastPosts else { return nil }
    let n = Double(posts), sizes = among.map { max(2, min($0, posts)) }
    var area = Jackknife(posts), first = sizes.map { _ in Jackknife(posts) }
    for text in 0..<posts {
      let row = try similarities(text), own = row[text]
      precondition(row.count == posts, "a similarity for each picture")
      var nearer = 0
      for (picture, similarity) in row.enumerated() where picture != text {
        // A number that is not one is nobody's neighbour: it counts as nearer.
        let share = similarity < own ? 1 : similarity == own ? 0.5 : 0
        area.own[text] += share
        area.lost[picture] += share
        if !(similarity < own) { nearer += 1 }
      }
      for (place, size) in sizes.enumerated() {
        let others = posts - 1, drawn = size - 1, left = min(drawn, others - 1)
        first[place].own[text] = Self.chance(of: drawn, outside: nearer, of: others)
        // The text's share once one other picture is gone: one that was nearer, or one that was not.
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
          first.own.reduce(0, +) / n, without: first.lost.map { (first.total - $0) / (n - 1) }))
    }
  }

  /// Compares vectors by their inner product.
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

  /// Sums from which each post can be taken away.
  private struct Jackknife {
    /// Each text's own part.
    var own: [Double]
    /// What goes with each post, other than that.
    var lost: [Double]
    var total = 0.0

    init(_ posts: Int) { (own, lost) = (Array(repeating: 0, count: posts), Array(repeating: 0, count: posts)) }
  }

  /// The chance that a draw of `drawn` of `all` things has none of `outside` of them.
  private static func chance(of drawn: Int, outside: Int, of all: Int) -> Double {
    var chance = 1.0
    for step in 0..<drawn {
      guard outside + step < all else { return 0 }
      chance *= Double(all - outside - step) / Double(all - step)
    }
    return chance
  }

  /// A share and its interval from the shares without each post.
  private static func estimate(_ value: Double, without: [Double]) -> Estimate {
    let count = without.count, n = Double(count)
    if value <= 0 || value >= 1 { return .share(value <= 0 ? 0 : count, of: count) }
    let mean = without.reduce(0, +) / n
    let variance = (n - 1) / n * without.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let half = Estimate.quantile(1) * variance.squareRoot()
    return Estimate(value: value, low: max(0, value - half), high: min(1, value + half), count: count)
  }
}

/// Inner products of a vector with many, summed in the same order on every machine.
struct InnerProducts {
  private let values: [Float]
  private let count: Int
  private let width: Int
  /// A vector's numbers, filled up to whole registers.
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
