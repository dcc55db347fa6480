import GRDB

extension StoreWriter {
  /// Which posts cost no inference: the scorer's prediction and every asked vector are stored.
  ///
  /// A post without a picture has no `image` vector, so none is asked of it; nor is one of a stream of features that it has
  /// nothing in.
  /// - Complexity: O(log n) for each post and space.
  public func known(
    scorer: Int64, spaces: [String], identities: [PostIdentity]
  ) throws(StoreError) -> [Bool] {
    try perform { db in
      let post = try db.cachedStatement(
        sql: """
          SELECT post.id, post.picture_hash IS NOT NULL FROM post JOIN prediction
          ON prediction.scorer_id = ? AND prediction.post_id = post.id WHERE post.key = ? AND post.content_hash = ?
          """)
      let vector = try db.cachedStatement(
        sql: "SELECT 1 FROM embedding WHERE scorer_id = ? AND space = ? AND post_id = ?")
      let feature = try db.cachedStatement(sql: "SELECT 1 FROM feature WHERE post_id = ? AND stream = ?")
      return try identities.map { identity in
        let arguments: StatementArguments = [scorer, identity.key, identity.contentHash]
        guard let row = try Row.fetchOne(post, arguments: arguments) else { return false }
        let (id, hasPicture): (Int64, Bool) = try (row.get(0), row.get(1))
        return try spaces.allSatisfy { space in
          if space == "image" && !hasPicture { return true }
          if !StoreSchema.wholeSpaces.contains(space), try Int.fetchOne(feature, arguments: [id, space]) == nil {
            return true
          }
          return try Int.fetchOne(vector, arguments: [scorer, space, id]) != nil
        }
      }
    }
  }

  /// Which posts have a picture and no thumbnail stored.
  /// - Complexity: O(log n) for each post.
  public func lackThumbnails(_ identities: [PostIdentity]) throws(StoreError) -> [Bool] {
    try perform { db in
      let post = try db.cachedStatement(
        sql: """
          SELECT 1 FROM post WHERE key = ? AND content_hash = ? AND picture_hash IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM thumbnail WHERE post_id = post.id)
          """)
      return try identities.map { identity in
        try Int.fetchOne(post, arguments: [identity.key, identity.contentHash]) != nil
      }
    }
  }
}
