import Bytes
import GRDB
import Store

/// Fetches the stored vectors of a sample, and compares them or lays them out.
enum VectorQuery {
  /// The most bytes of a vector: the widest model's by far.
  private static let mostBytes = 262_144

  /// Texts against pictures of the first posts of the pool that have both vectors and a picture of their own.
  static func pairs(_ database: Database, scorer: ScorerFacts, pool: [PostPool.Post]) throws -> PairRanks? {
    let read = try reader(database, scorer: scorer)
    var texts: [[Float]] = [], images: [[Float]] = [], pictures: Set<ByteText> = []
    for post in pool where texts.count < PairRanks.limit {
      guard let picture = post.picture, !pictures.contains(ByteText(picture)), let text = try read("text", post.id),
        let image = try read("image", post.id), text.count == image.count,
        text.count == texts.first?.count ?? text.count
      else { continue }
      pictures.insert(ByteText(picture))
      texts.append(text)
      images.append(image)
    }
    return texts.count > 1 ? PairRanks(texts: texts, images: images) : nil
  }

  /// Texts against the features of the first posts of the pool that have vectors of both.
  static func pairs(
    _ database: Database, scorer: ScorerFacts, stream: String, pool: [PostPool.Post]
  ) throws -> PairRanks? {
    let read = try reader(database, scorer: scorer)
    var texts: [[Float]] = [], features: [[Float]] = []
    for post in pool where texts.count < PairRanks.limit {
      guard let feature = try read(stream, post.id), let text = try read("text", post.id), text.count == feature.count,
        text.count == texts.first?.count ?? text.count
      else { continue }
      texts.append(text)
      features.append(feature)
    }
    return texts.isEmpty ? nil : PairRanks(texts: texts, images: features)
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
