package import Bytes
import GRDB
import Queries
import Store

/// The posts whose content has the least hashes: a sample that depends on the posts alone, not on the order they came
/// in, on row ids or on a clock.
struct PostSample {
  /// One post of the sample.
  struct Post {
    var id: Int64
    var hash: ByteText
    var key: ByteText
    /// The hash of its picture, where it has one.
    var picture: ByteText?
    /// Whether it has a text. The vector of an empty text is that of any other: no picture is its own.
    var hasText: Bool
    /// The number of its label: the true one where it is known, else the predicted one.
    var label: Int
    var isWrong: Bool?
  }

  /// So many posts are wanted; some of them lack vectors, or show the same picture.
  static let wanted = 4000
  /// A bound for stores whose hashes are no hashes.
  private static let most = 20_000

  private(set) var posts: [Post] = []
  /// Hashes below it are taken.
  private var bound: [UInt8] = []

  /// Nothing is taken yet.
  init() {}

  /// Prepares for a run: hashes below a prefix of hexadecimal digits are taken, of which there are about as many as are
  /// wanted.
  init(_ database: Database, run: RunFacts) throws {
    let posts = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM entry WHERE run_id = ? AND \(run.isCounted("entry"))",
      arguments: [run.id])
    let share = Double(Self.wanted) / Double(max(posts ?? 0, 1))
    let digits = share < 1 ? String(UInt64(share * 0x1p48), radix: 16) : "g"
    bound = Array((String(repeating: "0", count: share < 1 ? max(0, 12 - digits.count) : 0) + digits).utf8)
  }

  /// Whether a post of this hash is one of the sample.
  func takes(_ hash: UnsafeBufferPointer<UInt8>) -> Bool {
    posts.count < Self.most && hash.lexicographicallyPrecedes(bound)
  }

  mutating func add(_ post: Post) { posts.append(post) }

  /// The posts by their hashes, equal ones by their keys.
  var sorted: [Post] {
    posts.sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }
  }
}

/// A sample of posts in the space that the model's head reads, on the two axes along which they differ most.
package struct PrincipalComponentMap: Equatable, Sendable {
  /// The most posts of a map.
  package static let limit = 2000

  /// One post.
  package struct Post: Equatable, Sendable {
    /// The coordinate along the first axis.
    package var x: Double
    /// The coordinate along the second axis.
    package var y: Double
    /// The number of its label: the true one where it is known, else the predicted one.
    package var label: Int
    /// Whether the prediction is wrong; nil if the truth is not known.
    package var isWrong: Bool?
  }

  /// The posts, in the order of their content's hash.
  package var posts: [Post]
  /// The labels' names, by their numbers.
  package var labels: [ByteText]
  /// The share of the sample's variance along either axis.
  package var shares: [Double]
  /// The vectors' length.
  package var width: Int
}

/// Reads the vectors that a scorer left in the store, one by one.
struct VectorReader {
  /// The most bytes of a vector: the widest model's by far.
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

  /// The same, if all its numbers are finite.
  func finiteVector(of post: Int64, space: String) throws -> [Float]? {
    try vector(of: post, space: space).flatMap { $0.allSatisfy(\.isFinite) ? $0 : nil }
  }
}

/// Fetches the stored vectors of a sample, and compares them or lays them out.
enum VectorQuery {
  /// Texts against pictures of the first posts of the pool that have a text, both vectors, and a picture of their own.
  static func pairs(_ database: Database, scorer: ScorerFacts, pool: [PostSample.Post]) throws -> PairRanks? {
    var pictures: Set<ByteText> = []
    let pairs = try pairs(database, scorer, space: "image", pool: pool) { post in
      post.picture.map { pictures.insert($0).inserted } ?? false
    }
    return pairs.texts.count > 1 ? PairRanks(texts: pairs.texts, images: pairs.others) : nil
  }

  /// Texts against the features of the first posts of the pool that have a text and vectors of both.
  static func pairs(
    _ database: Database, scorer: ScorerFacts, stream: String, pool: [PostSample.Post]
  ) throws -> PairRanks? {
    let pairs = try pairs(database, scorer, space: stream, pool: pool) { _ in true }
    return pairs.texts.isEmpty ? nil : PairRanks(texts: pairs.texts, images: pairs.others)
  }

  /// The vectors of the first posts of the pool that have them in both spaces, all of one width; `takes` is asked of
  /// those that have, in their order.
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

  /// A map of the first posts of the pool that have a fused vector.
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
