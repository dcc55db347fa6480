import Bytes
package import Evaluation

/// How near text and picture stand in the shared space, by label.
///
/// The similarity of a post is the cosine of its text vector and its picture vector, from −1 to 1.
public struct Alignment: Equatable, Sendable {
  /// A mean and the number of posts under it.
  public struct Mean: Equatable, Sendable {
    /// The number of posts.
    public var count = 0
    /// The sum of their similarities.
    public var sum = 0.0
    /// The sum of their squares.
    package var squares = 0.0

    /// The mean; `nil` without posts.
    public var value: Double? { count > 0 ? sum / Double(count) : nil }

    /// The mean with its normal interval; nil of fewer than two posts.
    package var estimate: Estimate? { .mean(sum: sum, squares: squares, count: count) }

    mutating func add(_ other: Mean) {
      count += other.count
      sum += other.sum
      squares += other.squares
    }
  }

  /// The number of equally wide bins of the distribution, from −1 to 1.
  public static let bins = 40

  /// The mean over all posts with both sides.
  public var overall = Mean()
  /// The labels of the columns: the model's.
  public var labels: [String]
  /// The labels of the rows of `byTruth`: the model's, then unknown truths.
  public var truths: [String]
  /// `byTruth[truth][predicted]`, over posts with a truth.
  public var byTruth: [[Mean]]
  /// One mean a predicted label, over posts with and without a truth.
  public var byPredicted: [Mean]
  /// How many posts fall in each bin.
  public var histogram = Array(repeating: 0, count: Alignment.bins)
  /// A small sample whose every text is compared with every picture; `nil` without stored vectors.
  public var sample: PairSample?
}

/// Texts and pictures of a few posts, each compared with each.
public struct PairSample: Equatable, Sendable {
  /// One post of the sample.
  public struct Item: Equatable, Sendable {
    /// The post's key.
    public var key: String
    /// Its predicted label.
    public var label: String
  }

  /// The posts, by label in the model's order, then by content hash.
  public var items: [Item]
  /// `cosines[row][column]`: the text of post `row` against the picture of post `column`.
  public var cosines: [[Double]]

  /// The sample of fewer posts: the first of each label, as many of each as a sample of that size has.
  func reduced(to size: Int) -> PairSample {
    guard size < items.count else { return self }
    var runs: [Range<Int>] = []
    for index in items.indices {
      if let last = runs.last, items[index].label.hasSameBytes(as: items[last.lowerBound].label) {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    let places = zip(runs, SampleQuery.spread(runs.map(\.count), size: size)).flatMap { $0.prefix($1) }
    return PairSample(items: places.map { items[$0] }, cosines: places.map { row in places.map { cosines[row][$0] } })
  }

  /// How many texts are nearest to their own picture: no other picture of the sample is nearer.
  public var ownFirst: Int {
    cosines.indices.filter { row in
      cosines[row].indices.allSatisfy { $0 == row || cosines[row][$0] < cosines[row][row] }
    }.count
  }

  /// The mean cosine of the posts' own pairs, the diagonal.
  public var ownMean: Double? {
    guard !cosines.isEmpty else { return nil }
    return cosines.indices.reduce(0.0) { $0 + cosines[$1][$1] } / Double(cosines.count)
  }

  /// The mean cosine of every other pair.
  public var otherMean: Double? {
    let n = cosines.count
    guard n > 1 else { return nil }
    var sum = 0.0
    for row in 0..<n {
      for column in 0..<n where column != row { sum += cosines[row][column] }
    }
    return sum / Double(n * (n - 1))
  }
}
