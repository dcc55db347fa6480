import Bytes
import Evaluation
import GRDB
import Store

/// Posts that may be shown, gathered while a run's predictions go by.
///
/// The choice depends on what posts are and what the model said of them; row ids decide between posts of one content.
struct NotableCandidates {
  /// A prediction that goes by; labels are places among the pass' names.
  struct Row {
    var post: Int64
    var predicted: Int
    var truth: Int?
    /// From −1 to 1.
    var similarity: Double?
    /// nil if none was given.
    var confidence: Double?
    /// The beginning of the content's hash.
    var hash: UInt64
  }

  /// A post on its way to be shown.
  struct Candidate {
    var post: Int64
    /// The sort value; larger comes first.
    var rank: Double
    /// The beginning of its content's hash, which decides between equals.
    var hash: UInt64

    static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      if a.rank != b.rank { return a.rank > b.rank }
      return (a.hash, a.post) < (b.hash, b.post)
    }
  }

  /// A true label and what was predicted instead, by their places among the pass' names.
  struct Pair: Hashable {
    var truth: Int
    var predicted: Int
  }

  /// Candidates of a pair, of which a few are shown.
  static let ofAPair = 48

  /// The surest posts of each pair of labels.
  private(set) var pairs: [Pair: TopK<Candidate>] = [:]
  /// Sure mistakes, undecided posts, posts whose text and picture are apart: as many of each as may be shown.
  private(set) var lists: [TopK<Candidate>]
  /// Whether any posts are searched.
  var isWanted: Bool { wantsPairs || notable > 0 }
  private let wantsPairs: Bool
  private let notable: Int

  /// Empty at first; posts without a confidence are never undecided, nor more confident than another.
  init(wantsPairs: Bool, notable: Int) {
    (self.wantsPairs, self.notable) = (wantsPairs, notable)
    lists = (0..<3).map { _ in TopK(notable, comesBefore: Candidate.comesBefore) }
  }

  /// Takes a prediction where it is among the first of anything.
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

/// Chooses the posts that a report shows among the candidates, and reads them.
enum NotableQuery {
  private typealias Candidate = NotableCandidates.Candidate

  /// Of `candidates`, whose labels are places among `names`, the posts of the largest `pairs` of labels, so many of each,
  /// and as many posts to review as are asked for, the first of them with their pictures.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, capabilities: RunCapabilities, outcome: Outcome,
    candidates: NotableCandidates, names: [String], pairs: (cells: Int, posts: Int),
    notable: Int, pictured: Int, pictures: PictureRequest
  ) throws -> ShownPosts {
    let source = PictureSource(pictures, run: run)
    let posts = try PostQuery(database, scorer: scorer, source: source)
    var result = ShownPosts()
    let cells = pairs.cells > 0 ? confused(outcome) : []
    let shown = cells.prefix(pairs.cells)
    result.furtherPairs = cells.count - shown.count
    let places = Dictionary(
      names.enumerated().map { (ByteText($1), $0) }, uniquingKeysWith: { first, _ in first })
    for cell in shown {
      guard let truth = places[ByteText(cell.truth)], let predicted = places[ByteText(cell.predicted)] else { continue }
      let found = candidates.pairs[NotableCandidates.Pair(truth: truth, predicted: predicted)]?.elements ?? []
      let vectors = try found.map { try posts.vector(of: $0.post, space: "fused") }
      let chosen = FarthestFirstTraversal.choose(vectors, count: pairs.posts).sorted().map { found[$0].post }
      result.confused.append(
        ConfusedPair(
          truth: cell.truth, predicted: cell.predicted, count: cell.count,
          posts: try chosen.compactMap { try posts.post($0) }))
    }
    for (place, (post, reason)) in inTurn(candidates.lists.map(\.elements), count: notable).enumerated() {
      if let post = try posts.post(post, isPictured: place < pictured) {
        result.notable.append(NotablePost(post: post, reason: reason))
      }
    }
    result.pictures = source.tally
    return result
  }

  /// The cells off the diagonal, the largest first.
  private static func confused(_ outcome: Outcome) -> [(truth: String, predicted: String, count: Int)] {
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

  /// One of each list in turn, no post twice.
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

/// The first few elements of a sequence by some order; the sequence itself need not be sorted.
package struct TopK<Element> {
  /// The elements kept, the best first.
  package private(set) var elements: [Element] = []
  private let limit: Int
  private let comesBefore: (Element, Element) -> Bool

  /// Keeps at most `limit` elements. The order must tell any two apart, or what comes first may stay.
  package init(_ limit: Int, comesBefore: @escaping (Element, Element) -> Bool) {
    (self.limit, self.comesBefore) = (limit, comesBefore)
  }

  /// Takes an element where it is among the best so far.
  ///
  /// - Complexity: O(1) for one that is not, else O(limit).
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

/// A choice of vectors that are unlike each other.
package enum FarthestFirstTraversal {
  /// Chooses the first candidate, then again and again the one that is farthest from all chosen ones: the one whose
  /// greatest cosine with them is the least. Of equals, the earlier candidate.
  ///
  /// - Parameters:
  ///   - vectors: Candidates in their own order of preference; nil without a vector; those come last.
  ///   - count: How many are chosen at most.
  /// - Returns: Places of the chosen ones in the order of choice.
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
