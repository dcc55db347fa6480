import Foundation
import GRDB
import Queries
import Store

/// A post as a page shows it.
package struct ShownPost: Equatable, Sendable {
  /// The post's key.
  package var key: String
  /// The beginning of its text.
  package var text: String
  /// The predicted label.
  package var predicted: String
  /// The model's probability of that; nil if the run's system gave no confidence.
  package var confidence: Double?
  /// The true label, if it is known.
  package var truth: String?
  /// The cosine of text and picture, where both are there.
  package var similarity: Double?
  /// Its picture.
  package var picture: ShownPicture
}

/// A post's picture as a page shows it.
package enum ShownPicture: Equatable, Sendable {
  /// The post has none.
  case absent
  /// A JPEG with its size in pixels.
  case jpeg([UInt8], width: Int, height: Int)
  /// It is neither in the store nor in the folder as it was scored.
  case lacking
  /// The reader is not to see it.
  case hidden
}

/// Posts of one true label that were predicted as another.
package struct ConfusedPair: Equatable, Sendable {
  /// The true label.
  package var truth: String
  /// The predicted label.
  package var predicted: String
  /// How many posts.
  package var count: Int
  /// A few of them: sure ones that are unlike each other.
  package var posts: [ShownPost]
}

/// A post to review, and why.
package struct NotablePost: Equatable, Sendable {
  /// Why the post is notable.
  package enum Reason: Equatable, Sendable {
    /// The model is sure of what is not true.
    case sureMistake
    /// The model cannot decide.
    case undecided
    /// Text and picture are far apart.
    case apart
  }

  /// The post.
  package var post: ShownPost
  /// Why it is shown.
  package var reason: Reason
}

/// The posts that a report shows, with their pictures.
package struct ShownPosts: Equatable, Sendable {
  /// The largest cells off the diagonal of the confusion matrix.
  package var confused: [ConfusedPair] = []
  /// Cells off the diagonal that are not among them.
  package var furtherPairs = 0
  /// Posts to review.
  package var notable: [NotablePost] = []
  /// The sources of the pictures.
  package var pictures = ShownPictureTally(showing: .show)
}

/// Reads single posts, to be shown with their pictures.
struct PostQuery {
  /// The most code points of a text that are read: more fits nowhere.
  private static let textLimit = 1200
  private let scorer: Int64
  private let source: PictureSource
  private let postStatement: Statement
  private let vectors: VectorReader
  /// `nil` in a store of a version without thumbnails.
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

  /// A post that the scorer has scored; its picture is loaded if it `isPictured`, and hidden otherwise.
  func post(_ id: Int64, isPictured: Bool = true) throws -> ShownPost? {
    guard let row = try Row.fetchOne(postStatement, arguments: [scorer, id]) else { return nil }
    var thumbnail: [UInt8]?
    if isPictured, let statement = thumbnailStatement, let row = try Row.fetchOne(statement, arguments: [id]),
      case .blob(let data) = (row[0] as DatabaseValue).storage
    {
      thumbnail = Array(data)
    }
    return ShownPost(
      key: row.text(0) ?? "", text: row.text(1) ?? "", predicted: row.text(2) ?? "",
      confidence: row.number(3),
      truth: row.text(7), similarity: row.number(4),
      picture: isPictured
        ? source.picture(path: row.text(5), hash: row.text(6), thumbnail: thumbnail)
        : row.text(6) == nil ? .absent : .hidden)
  }

  /// A post's vector.
  func vector(of post: Int64, space: String) throws -> [Float]? {
    try vectors.vector(of: post, space: space)
  }
}
