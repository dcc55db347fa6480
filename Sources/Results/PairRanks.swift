package import Evaluation

/// A sample of posts in the shared space, each text compared with each picture.
package struct PairRanks: Equatable, Sendable {
  /// The most posts that are compared.
  package static let limit = 1000
  /// The number of equally wide bins of cosines, from −1 to 1.
  package static let bins = 80

  /// The histogram of the cosines of texts with their own pictures.
  package private(set) var matched = Array(repeating: 0, count: PairRanks.bins)
  /// The histogram of the cosines of all other pairs.
  package private(set) var others = Array(repeating: 0, count: PairRanks.bins)
  /// The mean cosine of a text with its own picture.
  package private(set) var matchedMean = 0.0
  /// The mean over texts of the cosine with their own picture minus the mean cosine with the others, with its normal
  /// interval; nil for fewer than two posts.
  package private(set) var gap: Estimate?
  /// The mean cosine of all other pairs; 0 without any.
  package private(set) var otherMean = 0.0
  /// How well texts find their own pictures, with intervals over posts; nil for fewer than three posts.
  package private(set) var retrieval: PairRetrieval?
  /// How the vectors are spread in the shared space.
  package let geometry: SpaceGeometry
  /// For each post, the number of pictures at least as near to its text as its own, its own included; 1 is the best
  /// rank.
  package private(set) var ranks: [Int] = []

  /// Compares posts.
  ///
  /// - Parameters:
  ///   - texts: the posts' text vectors, of one length.
  ///   - images: their picture vectors, of the same length.
  /// - Complexity: O(posts² · length).
  package init(texts: [[Float]], images: [[Float]]) {
    precondition(texts.count == images.count, "a picture for each text")
    geometry = SpaceGeometry(texts: texts, pictures: images)
    let similarities = Cosines(with: images)
    var rows: [[Float]] = []
    var sums = (own: 0.0, other: 0.0), gaps = (sum: 0.0, squares: 0.0)
    for (place, text) in texts.enumerated() {
      let cosines = similarities.of(text)
      rows.append(cosines)
      let own = cosines[place]
      ranks.append(cosines.count { $0 >= own })
      if images.count > 1 {
        let rest = cosines.reduce(0.0) { $0 + Double($1) } - Double(own)
        let gap = Double(own) - rest / Double(images.count - 1)
        gaps = (gaps.sum + gap, gaps.squares + gap * gap)
      }
      for (other, cosine) in cosines.enumerated() {
        let bin = min(Int((Double(cosine) + 1) / 2 * Double(Self.bins)), Self.bins - 1)
        if other == place {
          matched[bin] += 1
          sums.own += Double(cosine)
        } else {
          others[bin] += 1
          sums.other += Double(cosine)
        }
      }
    }
    retrieval = PairRetrieval(posts: posts) { rows[$0] }
    gap = .mean(sum: gaps.sum, squares: gaps.squares, count: posts)
    let count = Double(max(posts, 1))
    (matchedMean, otherMean) = (sums.own / count, posts > 1 ? sums.other / (count * (count - 1)) : 0)
  }

  /// The number of posts.
  package var posts: Int { ranks.count }

  /// The number of texts whose own picture is among the nearest `depth`.
  package func found(within depth: Int) -> Int { ranks.count { $0 <= depth } }

  /// Nil without posts.
  package var medianRank: Double? {
    guard !ranks.isEmpty else { return nil }
    let sorted = ranks.sorted()
    return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
