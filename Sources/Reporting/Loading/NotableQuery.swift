import Bytes
import Evaluation
import GRDB
import Store

/// Chooses the posts that a report shows among the candidates, and reads them.
enum NotableQuery {
  private typealias Candidate = NotableCandidates.Candidate

  /// Of `candidates`, whose labels are places among `names`, the posts of the largest `pairs` of labels, so many of each,
  /// and as many posts worth a look as are asked for, the first of them with their pictures.
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
      let chosen = FarthestFirst.choose(vectors, count: pairs.posts).sorted().map { found[$0].post }
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
