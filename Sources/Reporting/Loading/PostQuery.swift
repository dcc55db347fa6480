import Foundation
import GRDB
import Queries
import Store

/// Reads single posts, to be shown with their pictures.
struct PostQuery {
  /// The most code points of a text that are read: more fits nowhere.
  private static let textLimit = 1200
  private let scorer: Int64
  private let source: PictureSource
  private let postStatement: Statement
  private let vectorStatement: Statement
  /// `nil` in a store of a version without thumbnails.
  private let thumbnailStatement: Statement?

  init(_ database: Database, scorer: ScorerFacts, source: PictureSource) throws {
    self.scorer = scorer.id
    self.source = source
    postStatement = try database.makeStatement(
      sql: """
        SELECT substr(post.key, 1, 500), substr(post.text, 1, \(Self.textLimit)), prediction.label,
          \(QueryParts.confidence(of: "prediction")), prediction.text_image_similarity, substr(post.image, 1, 4096), post.picture_hash,
          (SELECT label FROM label WHERE post_id = post.id ORDER BY noted_at DESC, source LIMIT 1)
        FROM post JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = post.id WHERE post.id = ?
        """)
    vectorStatement = try database.makeStatement(
      sql: """
        SELECT vector FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ? AND length(vector) <= 262144
        """)
    thumbnailStatement =
      try database.tableExists("thumbnail")
      ? database.makeStatement(
        sql: "SELECT jpeg FROM thumbnail WHERE post_id = ? AND length(jpeg) <= \(PictureSource.thumbnailLimit)") : nil
  }

  /// A post that the scorer has scored; its picture is looked for where it `isPictured`, and hidden otherwise.
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
    try Row.fetchOne(vectorStatement, arguments: [scorer, space, post])?.vector(0)
  }
}
