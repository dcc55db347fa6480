package import Bytes
package import Evaluation
import GRDB
import Queries
import Store

/// The similarity of text and picture in the shared space, by label.
///
/// The similarity of a post is the cosine of its text vector and its picture vector, from −1 to 1.
package struct Alignment: Equatable, Sendable {
  /// A mean and the number of posts under it.
  package struct Mean: Equatable, Sendable {
    package var count = 0
    /// The sum of the similarities.
    package var sum = 0.0
    /// The sum of the squared similarities.
    package var squares = 0.0

    package init(count: Int = 0, sum: Double = 0, squares: Double = 0) {
      (self.count, self.sum, self.squares) = (count, sum, squares)
    }

    /// The mean; `nil` without posts.
    package var value: Double? { count > 0 ? sum / Double(count) : nil }

    /// The mean with its normal interval; nil for fewer than two posts.
    package var estimate: Estimate? { .mean(sum: sum, squares: squares, count: count) }

    package mutating func add(_ other: Mean) {
      count += other.count
      sum += other.sum
      squares += other.squares
    }
  }

  /// The number of equally wide bins of the distribution, from −1 to 1.
  package static let bins = 40

  /// The mean over all posts with text and picture.
  package var overall = Mean()
  /// The labels of the columns: the model's.
  package var labels: [ByteText]
  /// The labels of the rows of `byTruth`: the model's, then unknown truths.
  package var truths: [ByteText]
  /// `byTruth[truth][predicted]`, over posts with a truth.
  package var byTruth: [[Mean]]
  /// One mean for each predicted label, over posts with and without a truth.
  package var byPredicted: [Mean]
  /// The number of posts in each bin.
  package var histogram = Array(repeating: 0, count: Alignment.bins)
  /// A small sample in which every text is compared with every picture; nil without stored vectors.
  package var sample: PairSample?
}

/// A few posts, each text compared with each picture.
package struct PairSample: Equatable, Sendable {
  /// One post of the sample.
  package struct Item: Equatable, Sendable {
    package var key: String
    /// The predicted label.
    package var label: ByteText
  }

  /// The posts, by label in the model's order, then by content hash.
  package var items: [Item]
  /// `cosines[row][column]`: the text of post `row` against the picture of post `column`.
  package var cosines: [[Double]]

  /// A smaller sample: the first posts of each label, as many of each as a sample of that size has.
  package func reduced(to size: Int) -> PairSample {
    guard size < items.count else { return self }
    var runs: [Range<Int>] = []
    for index in items.indices {
      if let last = runs.last, items[index].label == items[last.lowerBound].label {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    let places = zip(runs, SampleQuery.spread(runs.map(\.count), size: size)).flatMap { $0.prefix($1) }
    return PairSample(items: places.map { items[$0] }, cosines: places.map { row in places.map { cosines[row][$0] } })
  }

  /// The number of texts whose own picture is nearer than every other picture of the sample.
  package var ownFirst: Int {
    cosines.indices.filter { row in
      cosines[row].indices.allSatisfy { $0 == row || cosines[row][$0] < cosines[row][row] }
    }.count
  }

  /// The mean cosine of the posts' own pairs, the diagonal.
  package var ownMean: Double? {
    guard !cosines.isEmpty else { return nil }
    return cosines.indices.reduce(0.0) { $0 + cosines[$1][$1] } / Double(cosines.count)
  }

  /// The mean cosine of every other pair.
  package var otherMean: Double? {
    let n = cosines.count
    guard n > 1 else { return nil }
    var sum = 0.0
    for row in 0..<n {
      for column in 0..<n where column != row { sum += cosines[row][column] }
    }
    return sum / Double(n * (n - 1))
  }
}

/// Picks a few posts by the hash of their content, spread over the predicted labels, and compares each text with each
/// picture.
///
/// The choice depends only on the posts, not on their order, row ids or the time.
package enum SampleQuery {
  /// The default number of posts in a sample.
  package static let size = 24
  /// Candidates considered for each place, so that posts without stored vectors or with a repeated picture
  /// leave enough others.
  private static let candidatesPerPlace = 12
  /// The most candidates, in case a damaged store's hashes are not evenly spread.
  private static let candidateLimit = 20_000

  /// The sample of a run with stored vectors of texts and pictures; nil for fewer than two such posts.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, alignment: Alignment, size: Int
  ) throws -> PairSample? {
    let labels = alignment.labels
    let counts = alignment.byPredicted.map(\.count)
    let places = spread(counts, size: size)
    var items: [(item: PairSample.Item, text: [Float], image: [Float])] = []
    let candidates = try candidates(
      database, run: run, scorer: scorer, labels: labels, counts: counts, places: places)
    var pictures: Set<ByteText> = []
    let reader = try VectorReader(database, scorer: scorer)
    for column in labels.indices where places[column] > 0 {
      var open = places[column]
      for candidate in candidates[column].sorted(by: Candidate.comesBefore) {
        guard open > 0 else { break }
        guard pictures.insert(candidate.picture).inserted,
          let text = try reader.vector(of: candidate.post, space: "text"),
          let image = try reader.vector(of: candidate.post, space: "image"),
          text.count == image.count
        else { continue }
        items.append((PairSample.Item(key: candidate.key.text, label: labels[column]), text, image))
        open -= 1
      }
    }
    guard let width = items.first?.text.count, items.count > 1 else { return nil }
    items.removeAll { $0.text.count != width }
    let cosines = items.map { row in items.map { cosine(row.text, $0.image) } }
    return PairSample(items: items.map(\.item), cosines: cosines)
  }

  /// How many posts each label gets: one each in turn, the most frequent label first, until `size` is reached or no
  /// post is left.
  package static func spread(_ counts: [Int], size: Int = size) -> [Int] {
    var places = Array(repeating: 0, count: counts.count)
    let order = counts.indices.filter { counts[$0] > 0 }.sorted { (counts[$1], $0) < (counts[$0], $1) }
    var left = size
    while left > 0 {
      let before = left
      for label in order where left > 0 && places[label] < counts[label] {
        places[label] += 1
        left -= 1
      }
      if left == before { break }
    }
    return places
  }

  private struct Candidate {
    var post: Int64
    var hash: ByteText
    var key: ByteText
    var picture: ByteText

    static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      (a.hash, a.key) < (b.hash, b.key)
    }
  }

  /// Posts whose hash is below a bound, about a dozen for each place in the sample.
  private static func candidates(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, labels: [ByteText], counts: [Int], places: [Int]
  ) throws -> [[Candidate]] {
    var found = Array(repeating: [Candidate](), count: labels.count)
    let wanted = labels.indices.filter { places[$0] > 0 }
    guard !wanted.isEmpty else { return found }
    var arguments = StatementArguments([scorer.id])
    for column in wanted { arguments += [labels[column], bound(places[column], of: counts[column])] }
    arguments += [run.id, candidateLimit]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT prediction.label, post.id, post.content_hash, substr(post.key, 1, 500),
          coalesce(post.picture_hash, post.content_hash)
        FROM entry
        CROSS JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        CROSS JOIN post ON post.id = entry.post_id
          AND post.content_hash < CASE prediction.label \(wanted.map { _ in "WHEN ? THEN ?" }.joined(separator: " ")) END
        WHERE entry.run_id = ? AND \(run.isCountedWithPicture("entry")) AND text_image_similarity IS NOT NULL
          AND post.text <> ''
        LIMIT ?
        """, arguments: arguments)
    let column = Dictionary(
      wanted.map { (labels[$0], $0) }, uniquingKeysWith: { first, _ in first })
    while let row = try rows.next() {
      guard let index = row.byteText(0).flatMap({ column[$0] }) else { continue }
      found[index].append(
        Candidate(
          post: Int64(row.integer(1)), hash: row.byteText(2) ?? "", key: row.byteText(3) ?? "",
          picture: row.byteText(4) ?? ""))
    }
    return found
  }

  /// A prefix in hexadecimal digits that only the wanted share of all hashes is below.
  private static func bound(_ places: Int, of count: Int) -> String {
    let share = Double(places * candidatesPerPlace) / Double(count)
    guard share < 1 else { return "g" }
    let digits = String(UInt64(share * 0x1p48), radix: 16)
    return String(repeating: "0", count: max(0, 12 - digits.count)) + digits
  }

  /// The cosine of two vectors of the same length; 0 if one is a zero vector.
  package static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    var dot = 0.0
    var aa = 0.0
    var bb = 0.0
    for (x, y) in zip(a, b) {
      dot += Double(x) * Double(y)
      aa += Double(x) * Double(x)
      bb += Double(y) * Double(y)
    }
    let length = (aa * bb).squareRoot()
    guard length > 0, length.isFinite, dot.isFinite else { return 0 }
    return max(-1, min(1, dot / length))
  }
}
