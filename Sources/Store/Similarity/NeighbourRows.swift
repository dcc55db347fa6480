import Queries

/// What is shown of the posts that were found.
struct NeighbourRows {
  private let statement: OwnStatement
  private let scorer: Int64

  init(_ run: SearchedRun, on connection: ReadOnlyConnection) throws(QueryError) {
    scorer = run.scorer
    statement = try OwnStatement(
      """
      SELECT post.key, prediction.label, prediction.confidence,
        (SELECT truth.label FROM label AS truth WHERE truth.post_id = post.id
          ORDER BY truth.noted_at DESC, truth.source LIMIT 1),
        post.text, post.image
      FROM post LEFT JOIN prediction ON prediction.scorer_id = ?2 AND prediction.post_id = post.id WHERE post.id = ?1
      """, on: connection)
  }

  /// A row for each post, with the columns of ``Neighbours/columns``.
  func rows(of nearest: [NearestPosts.Element]) throws(QueryError) -> [[QueryValue]] {
    var rows: [[QueryValue]] = []
    for (place, element) in nearest.enumerated() {
      guard try statement.start([.integer(element.post), .integer(scorer)]) else { continue }
      rows.append(
        [.integer(Int64(place + 1)), .real(element.cosine)] + (0..<6).map { statement[$0] }
          + [.integer(element.post)])
      statement.rest()
    }
    return rows
  }
}
