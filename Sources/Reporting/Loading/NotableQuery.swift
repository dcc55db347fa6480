import Bytes
import Evaluation
import GRDB
import Store

/// Chooses the posts that a report shows, in one pass over the run.
///
/// The choice depends on what posts are and what the model said of them; row ids decide between posts of one content.
struct NotableQuery {
  /// Candidates of a pair, of which a few are shown.
  private static let candidates = 48

  /// A post on its way to be shown.
  private struct Candidate {
    var post: Int64
    /// What it is ranked by; more comes first.
    var rank: Double
    /// The beginning of its content's hash, which decides between equals.
    var hash: UInt64

    static func comesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
      if a.rank != b.rank { return a.rank > b.rank }
      return (a.hash, a.post) < (b.hash, b.post)
    }
  }

  private struct Pair: Hashable {
    var truth: ByteText
    var predicted: ByteText
  }

  private static func sql(_ truth: TruthJoin, mistakesOnly: Bool) -> String {
    """
    SELECT entry.post_id, prediction.label, truth.label, prediction.confidence, prediction.text_image_similarity,
      substr(post.content_hash, 1, 15)
    FROM entry
    CROSS JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = entry.post_id
    \(mistakesOnly ? "CROSS" : "LEFT") \(truth.sql)
      \(mistakesOnly ? "AND truth.label <> prediction.label" : "")
    CROSS JOIN post ON post.id = entry.post_id
    WHERE entry.run_id = ?1 AND entry.state IN ('scored', 'without_picture')
    """
  }

  /// - Parameters:
  ///   - pairs: How many pairs of labels get a strip of posts, and how many posts that has.
  ///   - notable: How many posts worth a look there are.
  static func fetch(
    _ database: Database, run: RunFacts, scorer: ScorerFacts, outcome: Outcome, pairs: (cells: Int, posts: Int),
    notable: Int, pictures: PictureRequest
  ) throws -> ShownPosts {
    let source = PictureSource(pictures, run: run)
    let posts = try PostQuery(database, scorer: scorer, source: source)
    var result = ShownPosts()
    let cells = pairs.cells > 0 ? confused(outcome) : []
    let shown = cells.prefix(pairs.cells)
    result.furtherPairs = cells.count - shown.count
    var byPair: [Pair: BestFew<Candidate>] = [:]
    for cell in shown {
      byPair[Pair(truth: ByteText(cell.truth), predicted: ByteText(cell.predicted))] =
        BestFew(candidates, comesBefore: Candidate.comesBefore)
    }
    var lists = (0..<3).map { _ in BestFew(notable, comesBefore: Candidate.comesBefore) }
    if !byPair.isEmpty || (notable > 0 && outcome.posts > 0) {
      let rows = try Row.fetchCursor(
        database, sql: sql(TruthJoin(database), mistakesOnly: notable == 0), arguments: [run.id, scorer.id])
      while let row = try rows.next() {
        let (predicted, truth) = (ByteText(row.text(1) ?? ""), row.text(2).map(ByteText.init))
        let confidence = row.number(3) ?? 0
        var candidate = Candidate(
          post: Int64(row.integer(0)), rank: confidence, hash: row.text(5).flatMap { UInt64($0, radix: 16) } ?? 0)
        if let truth, truth != predicted {
          byPair[Pair(truth: truth, predicted: predicted)]?.add(candidate)
          lists[0].add(candidate)
        }
        candidate.rank = -confidence
        lists[1].add(candidate)
        if let similarity = row.number(4) {
          candidate.rank = -similarity
          lists[2].add(candidate)
        }
      }
    }
    for cell in shown {
      let found = byPair[Pair(truth: ByteText(cell.truth), predicted: ByteText(cell.predicted))]?.elements ?? []
      let vectors = try found.map { try posts.vector(of: $0.post, space: "fused") }
      let chosen = FarthestFirst.choose(vectors, count: pairs.posts).sorted().map { found[$0].post }
      result.confused.append(
        ConfusedPair(
          truth: cell.truth, predicted: cell.predicted, count: cell.count, posts: try chosen.compactMap(posts.post)))
    }
    for (post, reason) in inTurn(lists.map(\.elements), count: notable) {
      if let post = try posts.post(post) { result.notable.append(NotablePost(post: post, reason: reason)) }
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
