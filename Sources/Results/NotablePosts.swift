import Bytes
import Evaluation
import GRDB
import Store

/// Collects posts that may be shown during the pass over a run's predictions.
///
/// The choice depends on the posts and their predictions; row ids only break ties between posts with the same content.
struct NotableCandidates {
  /// A prediction of the pass; labels are indexes into the pass's names.
  struct Row {
    var post: Int64
    var predicted: Int
    var truth: Int?
    /// From −1 to 1.
    var similarity: Double?
    /// Nil if the run's system gave none.
    var confidence: Double?
    /// The first digits of the content's hash.
    var hash: UInt64
  }

  /// A post that may be shown.
  struct Candidate {
    var post: Int64
    /// The sort key; larger comes first.
    var rank: Double
    /// The first digits of the content's hash, which break ties.
    var hash: UInt64

    static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      if a.rank != b.rank { return a.rank > b.rank }
      return (a.hash, a.post) < (b.hash, b.post)
    }
  }

  /// A true label and the label predicted instead, as indexes into the pass's names.
  struct Pair: Hashable {
    var truth: Int
    var predicted: Int
  }

  /// The most candidates kept for each pair.
  static let ofAPair = 48

  /// The posts with the highest confidence for each pair of labels.
  private(set) var pairs: [Pair: TopK<Candidate>] = [:]
  /// Confident mistakes, undecided posts, and posts whose text and picture disagree: at most `notable` of each.
  private(set) var lists: [TopK<Candidate>]
  /// Whether any posts are wanted.
  var isWanted: Bool { wantsPairs || notable > 0 }
  private let wantsPairs: Bool
  private let notable: Int

  /// Posts without a confidence are never listed as undecided.
  init(wantsPairs: Bool, notable: Int) {
    (self.wantsPairs, self.notable) = (wantsPairs, notable)
    lists = (0..<3).map { _ in TopK(notable, comesBefore: Candidate.comesBefore) }
  }

  /// Keeps the prediction in each list in which it ranks among the first.
  mutating func add(_ row: Row) {
    var candidate = Candidate(post: row.post, rank: row.confidence ?? 0, hash: row.hash)
    let isMistake = row.truth.map { $0 != row.predicted } ?? false
    if wantsPairs, isMistake, let truth = row.truth {
      let empty = TopK<Candidate>(Self.ofAPair, comesBefore: Candidate.comesBefore)
      pairs[Pair(truth: truth, predicted: row.predicted), default: empty].add(candidate)
    }
    guard notable > 0 else { return }
    if isMistake { lists[0].add(candidate) }
    if let confidence = row.confidence {
      candidate.rank = -confidence
      lists[1].add(candidate)
    }
    if let similarity = row.similarity {
      candidate.rank = -similarity
      lists[2].add(candidate)
    }
  }
}

/// Chooses the posts that a report shows from the candidates, and reads them.
enum NotableQuery {
  private typealias Candidate = NotableCandidates.Candidate

  /// Reads the posts that the limits allow for each of the largest confused pairs, and those to review. The candidates'
  /// labels are indexes into `names`.
  static func fetch(
    _ posts: PostQuery, outcome: Outcome, candidates: NotableCandidates, names: [ByteText], limits: ReportLimits
  ) throws -> ShownPosts {
    var result = ShownPosts()
    let cells = limits.confusedCells > 0 ? confused(outcome) : []
    let shown = cells.prefix(limits.confusedCells)
    result.furtherPairs = cells.count - shown.count
    let places = names.places
    for cell in shown {
      guard let truth = places[cell.truth], let predicted = places[cell.predicted] else { continue }
      let found = candidates.pairs[NotableCandidates.Pair(truth: truth, predicted: predicted)]?.elements ?? []
      let vectors = try found.map { try posts.vector(of: $0.post, space: "fused") }
      let chosen = FarthestFirstTraversal.choose(vectors, count: limits.confusedPosts).sorted().map { found[$0].post }
      result.confused.append(
        ConfusedPair(
          truth: cell.truth, predicted: cell.predicted, count: cell.count,
          posts: try chosen.compactMap { try posts.post($0) }))
    }
    for (place, (post, reason)) in inTurn(candidates.lists.map(\.elements), count: limits.notable).enumerated() {
      if let post = try posts.post(post, isPictured: place < limits.pictured) {
        result.notable.append(NotablePost(post: post, reason: reason))
      }
    }
    return result
  }

  /// The cells off the diagonal that are not 0, the largest first.
  private static func confused(_ outcome: Outcome) -> [(truth: ByteText, predicted: ByteText, count: Int)] {
    guard let matrix = outcome.evaluation[.all]?.matrix else { return [] }
    var cells: [(row: Int, column: Int)] = []
    for row in matrix.rows.indices where outcome.pooledTruths == 0 || row < matrix.rows.count - 1 {
      for column in matrix.labels.indices where row != column && matrix.counts[row][column] > 0 {
        cells.append((row, column))
      }
    }
    let counts = matrix.counts
    cells.sort { (counts[$1.row][$1.column], $0.row, $0.column) < (counts[$0.row][$0.column], $1.row, $1.column) }
    return cells.map { (matrix.rows[$0.row], matrix.labels[$0.column], counts[$0.row][$0.column]) }
  }

  /// Takes one post from each list in turn, without repeating any.
  private static func inTurn(_ lists: [[Candidate]], count: Int) -> [(Int64, NotablePost.Reason)] {
    let reasons: [NotablePost.Reason] = [.sureMistake, .undecided, .apart]
    var places = [0, 0, 0]
    var (chosen, seen): ([(Int64, NotablePost.Reason)], Set<Int64>) = ([], [])
    while chosen.count < count {
      let before = places
      for list in lists.indices where chosen.count < count {
        while places[list] < lists[list].count {
          let post = lists[list][places[list]].post
          places[list] += 1
          guard seen.insert(post).inserted else { continue }
          chosen.append((post, reasons[list]))
          break
        }
      }
      if places == before { break }
    }
    return chosen
  }
}

/// The first elements of an unsorted sequence by some order.
package struct TopK<Element> {
  /// The kept elements, the first in order first.
  package private(set) var elements: [Element] = []
  private let limit: Int
  private let comesBefore: (Element, Element) -> Bool

  /// Keeps at most `limit` elements. Without a strict total order, the result depends on the order of insertion.
  package init(_ limit: Int, comesBefore: @escaping (Element, Element) -> Bool) {
    (self.limit, self.comesBefore) = (limit, comesBefore)
  }

  /// Keeps an element if it is among the first so far.
  ///
  /// - Complexity: O(1) for an element that is not kept, else O(limit).
  package mutating func add(_ element: Element) {
    guard limit > 0 else { return }
    if elements.count == limit {
      guard let last = elements.last, comesBefore(element, last) else { return }
      elements.removeLast()
    }
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      if comesBefore(element, elements[middle]) { high = middle } else { low = middle + 1 }
    }
    elements.insert(element, at: low)
  }
}

/// Chooses vectors that differ from each other (farthest-first traversal, Gonzalez 1985).
package enum FarthestFirstTraversal {
  /// Chooses the first candidate, then repeatedly the one farthest from all chosen ones, which is the one with the
  /// smallest maximum cosine to them. The earlier candidate wins a tie.
  ///
  /// - Parameters:
  ///   - vectors: The candidates' vectors in order of preference; candidates without a vector (nil) come last.
  ///   - count: The most that are chosen.
  /// - Returns: The indexes of the chosen candidates in order of choice.
  /// - Complexity: O(n · count · width).
  package static func choose(_ vectors: [[Float]?], count: Int) -> [Int] {
    let width = vectors.compactMap { $0?.count }.first
    let usable = vectors.indices.filter { vectors[$0] != nil && vectors[$0]?.count == width }
    var nearest = Array(repeating: -Double.infinity, count: vectors.count)
    var chosen: [Int] = []
    while chosen.count < min(count, usable.count) {
      let open = usable.filter { !chosen.contains($0) }
      guard let next = chosen.isEmpty ? open.first : open.min(by: { (nearest[$0], $0) < (nearest[$1], $1) }) else {
        break
      }
      chosen.append(next)
      guard let vector = vectors[next] else { break }
      for place in open {
        if let other = vectors[place] { nearest[place] = max(nearest[place], SampleQuery.cosine(vector, other)) }
      }
    }
    let rest = vectors.indices.filter { !chosen.contains($0) && !usable.contains($0) }
    return chosen + rest.prefix(max(0, count - chosen.count))
  }
}
