import Bytes
import GRDB
import Store

/// Fetches the stored vectors of a sample, and compares them or lays them out.
enum VectorQuery {
  /// The most bytes of a vector: the widest model's by far.
  private static let mostBytes = 262_144

  /// Texts against pictures of the first posts of the pool that have both vectors and a picture of their own.
  static func pairs(_ database: Database, scorer: ScorerFacts, pool: [PostPool.Post]) throws -> PairRanks? {
    var pictures: Set<ByteText> = []
    let pairs = try pairs(database, scorer, space: "image", pool: pool) { post in
      post.picture.map { pictures.insert(ByteText($0)).inserted } ?? false
    }
    return pairs.texts.count > 1 ? PairRanks(texts: pairs.texts, images: pairs.others) : nil
  }

  /// Texts against the features of the first posts of the pool that have vectors of both.
  static func pairs(
    _ database: Database, scorer: ScorerFacts, stream: String, pool: [PostPool.Post]
  ) throws -> PairRanks? {
    let pairs = try pairs(database, scorer, space: stream, pool: pool) { _ in true }
    return pairs.texts.isEmpty ? nil : PairRanks(texts: pairs.texts, images: pairs.others)
  }

  /// The vectors of the first posts of the pool that have them in both spaces, all of one width; `takes` is asked of
  /// those that have, in their order.
  private static func pairs(
    _ database: Database, _ scorer: ScorerFacts, space: String, pool: [PostPool.Post],
    takes: (PostPool.Post) -> Bool
  ) throws -> (texts: [[Float]], others: [[Float]]) {
    let read = try reader(database, scorer: scorer)
    var texts: [[Float]] = [], others: [[Float]] = []
    for post in pool where texts.count < PairRanks.limit {
      guard let other = try read(space, post.id), let text = try read("text", post.id), text.count == other.count,
        text.count == texts.first?.count ?? text.count, takes(post)
      else { continue }
      texts.append(text)
      others.append(other)
    }
    return (texts, others)
  }

  /// A map of the first posts of the pool that have a fused vector.
  static func map(
    _ database: Database, scorer: ScorerFacts, pool: [PostPool.Post], labels: [String]
  ) throws -> FusedMap? {
    let read = try reader(database, scorer: scorer)
    var posts: [PostPool.Post] = [], vectors: [[Float]] = []
    for post in pool where vectors.count < FusedMap.limit {
      guard let vector = try read("fused", post.id), vector.count == vectors.first?.count ?? vector.count else {
        continue
      }
      posts.append(post)
      vectors.append(vector)
    }
    guard let width = vectors.first?.count, vectors.count > 1 else { return nil }
    let axes = PrincipalAxes(vectors)
    let places = zip(posts, vectors).map { post, vector in
      let place = axes.place(vector)
      return FusedMap.Post(
        x: place.first ?? 0, y: place.count > 1 ? place[1] : 0, label: post.label, isWrong: post.isWrong)
    }
    return FusedMap(posts: places, labels: labels, shares: axes.shares, width: width)
  }

  private static func reader(
    _ database: Database, scorer: ScorerFacts
  ) throws -> (_ space: String, _ post: Int64) throws -> [Float]? {
    let statement = try database.makeStatement(
      sql: """
        SELECT vector FROM embedding
        WHERE scorer_id = ? AND space = ? AND post_id = ? AND length(vector) <= \(mostBytes)
        """)
    return { space, post in
      let vector = try Row.fetchOne(statement, arguments: [scorer.id, space, post])?.vector(0)
      return vector.flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
    }
  }
}
