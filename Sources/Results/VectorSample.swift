package import Bytes
import GRDB
import Queries
import Store

/// A sample of the posts with the smallest content hashes, which depends only on the posts, not on their order, row ids
/// or the time.
struct PostSample {
  /// One post of the sample.
  struct Post {
    var id: Int64
    var hash: ByteText
    var key: ByteText
    /// The hash of the picture; nil without one.
    var picture: ByteText?
    /// Whether it has a text. All empty texts have the same vector, so they are not compared with pictures.
    var hasText: Bool
    /// The number of the true label if it is known, else of the predicted label.
    var label: Int
    var isWrong: Bool?
  }

  /// The number of posts wanted; more than are shown, since some lack vectors or share a picture.
  static let wanted = 4000
  /// The most posts, in case a damaged store's hashes are not evenly spread.
  private static let most = 20_000

  private(set) var posts: [Post] = []
  /// Posts whose hash is below this are taken.
  private var bound: [UInt8] = []

  /// A sample that takes no posts.
  init() {}

  /// Chooses the bound so that about ``wanted`` of the run's posts are taken.
  init(_ database: Database, run: RunFacts) throws {
    let posts = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM entry WHERE run_id = ? AND \(run.isCounted("entry"))",
      arguments: [run.id])
    let share = Double(Self.wanted) / Double(max(posts ?? 0, 1))
    let digits = share < 1 ? String(UInt64(share * 0x1p48), radix: 16) : "g"
    bound = Array((String(repeating: "0", count: share < 1 ? max(0, 12 - digits.count) : 0) + digits).utf8)
  }

  /// Whether a post with this hash belongs to the sample.
  func takes(_ hash: UnsafeBufferPointer<UInt8>) -> Bool {
    posts.count < Self.most && hash.lexicographicallyPrecedes(bound)
  }

  mutating func add(_ post: Post) { posts.append(post) }

  /// The posts by hash, then by key.
  var sorted: [Post] {
    posts.sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }
  }
}

/// A sample of posts in the fused space that the model's head reads, on its first two principal components.
package struct PrincipalComponentMap: Equatable, Sendable {
  /// The most posts on a map.
  package static let limit = 2000

  package struct Post: Equatable, Sendable {
    /// The coordinate on the first axis.
    package var x: Double
    /// The coordinate on the second axis.
    package var y: Double
    /// The number of the true label if it is known, else of the predicted label.
    package var label: Int
    /// Nil if the truth is unknown.
    package var isWrong: Bool?
  }

  /// The posts in the order of their content hashes.
  package var posts: [Post]
  /// The label of each number.
  package var labels: [ByteText]
  /// The share of the sample's variance on each axis.
  package var shares: [Double]
  /// The length of the fused vectors.
  package var width: Int
}

/// Reads a scorer's vectors from the store one by one.
struct VectorReader {
  /// The most bytes of a vector, far more than any model needs.
  private static let mostBytes = 262_144
  private let statement: Statement
  private let scorer: Int64

  init(_ database: Database, scorer: ScorerFacts) throws {
    self.scorer = scorer.id
    statement = try database.makeStatement(
      sql: """
        SELECT vector FROM embedding
        WHERE scorer_id = ? AND space = ? AND post_id = ? AND length(vector) <= \(Self.mostBytes)
        """)
  }

  /// A post's vector in a space: `text`, `image`, `fused` or a stream of features.
  func vector(of post: Int64, space: String) throws -> [Float]? {
    try Row.fetchOne(statement, arguments: [scorer, space, post])?.vector(0)
  }

  /// The same vector; nil if it contains a number that is not finite.
  func finiteVector(of post: Int64, space: String) throws -> [Float]? {
    try vector(of: post, space: space).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
  }
}

/// Reads the stored vectors of a sample for comparisons and maps.
enum VectorQuery {
  /// Compares texts with pictures, for the first posts of the pool with a text, both vectors and a picture that no
  /// earlier post has.
  static func pairs(_ database: Database, scorer: ScorerFacts, pool: [PostSample.Post]) throws -> PairRanks? {
    var pictures: Set<ByteText> = []
    let pairs = try pairs(database, scorer, space: "image", pool: pool) { post in
      post.picture.map { pictures.insert($0).inserted } ?? false
    }
    return pairs.texts.count > 1 ? PairRanks(texts: pairs.texts, images: pairs.others) : nil
  }

  /// Compares texts with features, for the first posts of the pool with a text and both vectors.
  static func pairs(
    _ database: Database, scorer: ScorerFacts, stream: String, pool: [PostSample.Post]
  ) throws -> PairRanks? {
    let pairs = try pairs(database, scorer, space: stream, pool: pool) { _ in true }
    return pairs.texts.isEmpty ? nil : PairRanks(texts: pairs.texts, images: pairs.others)
  }

  /// The vectors of the first posts of the pool with vectors of one length in both spaces; `takes` is called for each
  /// such post in order.
  private static func pairs(
    _ database: Database, _ scorer: ScorerFacts, space: String, pool: [PostSample.Post],
    takes: (PostSample.Post) -> Bool
  ) throws -> (texts: [[Float]], others: [[Float]]) {
    let reader = try VectorReader(database, scorer: scorer)
    var texts: [[Float]] = [], others: [[Float]] = []
    for post in pool where post.hasText && texts.count < PairRanks.limit {
      guard let other = try reader.finiteVector(of: post.id, space: space),
        let text = try reader.finiteVector(of: post.id, space: "text"), text.count == other.count,
        text.count == texts.first?.count ?? text.count, takes(post)
      else { continue }
      texts.append(text)
      others.append(other)
    }
    return (texts, others)
  }

  /// A map of the first posts of the pool with a fused vector.
  static func map(
    _ database: Database, scorer: ScorerFacts, pool: [PostSample.Post], labels: [ByteText]
  ) throws -> PrincipalComponentMap? {
    let reader = try VectorReader(database, scorer: scorer)
    var posts: [PostSample.Post] = [], vectors: [[Float]] = []
    for post in pool where vectors.count < PrincipalComponentMap.limit {
      guard let vector = try reader.finiteVector(of: post.id, space: "fused"),
        vector.count == vectors.first?.count ?? vector.count
      else { continue }
      posts.append(post)
      vectors.append(vector)
    }
    guard let width = vectors.first?.count, vectors.count > 1 else { return nil }
    let axes = PrincipalComponents(vectors)
    let places = zip(posts, vectors).map { post, vector in
      let place = axes.place(vector)
      return PrincipalComponentMap.Post(
        x: place.first ?? 0, y: place.count > 1 ? place[1] : 0, label: post.label, isWrong: post.isWrong)
    }
    return PrincipalComponentMap(posts: places, labels: labels, shares: axes.shares, width: width)
  }
}
