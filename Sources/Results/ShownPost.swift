package import Bytes
import Foundation
import GRDB
import Queries
import Store

/// A post with the data that a page shows.
package struct ShownPost: Equatable, Sendable {
  package var key: String
  /// The beginning of the text.
  package var text: String
  package var predicted: ByteText
  /// The probability of the predicted label; nil if the run's system gave none.
  package var confidence: Double?
  /// The true label, if it is known.
  package var truth: ByteText?
  /// The cosine of text and picture, if the post has both.
  package var similarity: Double?
  package var picture: ShownPicture
}

/// A post's picture, or why none is shown.
package enum ShownPicture: Equatable, Sendable {
  /// The post has no picture.
  case absent
  /// A JPEG with its size in pixels.
  case jpeg([UInt8], width: Int, height: Int)
  /// Neither the store nor the folder has the picture that was scored.
  case lacking
  /// The picture is hidden from the reader.
  case hidden
}

/// Posts with one true label that were predicted as another.
package struct ConfusedPair: Equatable, Sendable {
  package var truth: ByteText
  package var predicted: ByteText
  /// The number of posts.
  package var count: Int
  /// A few of the posts: confident predictions that differ from each other.
  package var posts: [ShownPost]
}

/// A post to review, and the reason.
package struct NotablePost: Equatable, Sendable {
  package enum Reason: Equatable, Sendable {
    /// The model is confident and wrong.
    case sureMistake
    /// The model's confidence is low.
    case undecided
    /// The vectors of text and picture are far apart.
    case apart
  }

  package var post: ShownPost
  package var reason: Reason
}

/// The true labels that are probably wrong, with the posts that are shown.
package struct ShownDoubts: Equatable, Sendable {
  /// A post with such a label.
  package struct Post: Equatable, Sendable {
    package var post: ShownPost
    /// The label that it has, and the model's probability of it.
    package var given: ByteText
    package var probability: Double
    /// The label that it more probably has, and its probability.
    package var likely: ByteText
    package var likelyProbability: Double
  }

  /// The number of posts with a true label that the model knows.
  package var labelled: Int
  /// The number of labels that are probably wrong.
  package var found: Int
  /// The most doubtful of them, first.
  package var posts: [Post]

  package init(labelled: Int, found: Int, posts: [Post]) {
    (self.labelled, self.found, self.posts) = (labelled, found, posts)
  }
}

/// The posts that a report shows, with their pictures.
package struct ShownPosts: Equatable, Sendable {
  /// The largest off-diagonal cells of the confusion matrix.
  package var confused: [ConfusedPair] = []
  /// The number of other off-diagonal cells with posts.
  package var furtherPairs = 0
  package var notable: [NotablePost] = []
  /// Nil if none are wanted, or if the run has no true labels or no probabilities.
  package var doubts: ShownDoubts?
  package var pictures = ShownPictureTally(showing: .show)
}

/// Reads single posts with their pictures.
struct PostQuery {
  /// The most code points of a text that are read; no section shows more.
  private static let textLimit = 1200
  private let scorer: Int64
  private let source: PictureSource
  private let postStatement: Statement
  private let vectors: VectorReader
  /// Nil for an older store without thumbnails.
  private let thumbnailStatement: Statement?

  init(_ database: Database, scorer: ScorerFacts, source: PictureSource) throws {
    self.scorer = scorer.id
    self.source = source
    postStatement = try database.makeStatement(
      sql: """
        SELECT substr(post.key, 1, 500), substr(post.text, 1, \(Self.textLimit)), prediction.label,
          \(SQLFragments.confidence(of: "prediction")), prediction.text_image_similarity, substr(post.image, 1, 4096), post.picture_hash,
          \(SQLFragments.trueLabel(of: "post.id"))
        FROM post JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = post.id WHERE post.id = ?
        """)
    vectors = try VectorReader(database, scorer: scorer)
    thumbnailStatement =
      try database.tableExists("thumbnail")
      ? database.makeStatement(
        sql: "SELECT jpeg FROM thumbnail WHERE post_id = ? AND length(jpeg) <= \(PictureSource.thumbnailLimit)") : nil
  }

  /// A scored post. The picture is loaded if `isPictured`, and hidden otherwise.
  func post(_ id: Int64, isPictured: Bool = true) throws -> ShownPost? {
    guard let row = try Row.fetchOne(postStatement, arguments: [scorer, id]) else { return nil }
    var thumbnail: [UInt8]?
    if isPictured, let statement = thumbnailStatement, let row = try Row.fetchOne(statement, arguments: [id]),
      case .blob(let data) = (row[0] as DatabaseValue).storage
    {
      thumbnail = Array(data)
    }
    return ShownPost(
      key: row.text(0) ?? "", text: row.text(1) ?? "", predicted: row.byteText(2) ?? "",
      confidence: row.number(3),
      truth: row.byteText(7), similarity: row.number(4),
      picture: isPictured
        ? source.picture(path: row.text(5), hash: row.text(6), thumbnail: thumbnail)
        : row.text(6) == nil ? .absent : .hidden)
  }

  func vector(of post: Int64, space: String) throws -> [Float]? {
    try vectors.vector(of: post, space: space)
  }
}
