package import GRDB
import Queries

/// How many of a run's scored posts repeat another one of them.
package struct RunReposts: Equatable, Sendable {
  /// Scored posts, with or without a picture.
  package var posts = 0
  /// The posts that are left if each group of reposts counts once.
  package var distinct = 0
  /// Posts whose group has several posts in the run, the first included.
  package var repeated = 0
  /// The groups of those.
  package var groups = 0
  /// Posts without a group, which an earlier version recorded; each counts by itself.
  package var ungrouped = 0

  /// No posts.
  package init() {}

  /// Counts a group of posts, or a post without a group.
  package mutating func addGroup(of count: Int, isUngrouped: Bool) {
    posts += count
    distinct += 1
    if count > 1 { (repeated, groups) = (repeated + count, groups + 1) }
    if isUngrouped { ungrouped += 1 }
  }

  /// A statement with the numbers of a run, whose id is given as SQL. It sorts the run's posts once.
  package static func sql(ofRun run: String) -> String {
    """
    SELECT coalesce(sum(posts), 0), count(*), coalesce(sum(posts) FILTER (WHERE posts > 1), 0),
      count(*) FILTER (WHERE posts > 1), count(*) FILTER (WHERE repost_group IS NULL)
    FROM (
      SELECT count(*) AS posts, post.repost_group AS repost_group
      FROM entry CROSS JOIN post ON post.id = entry.post_id
      WHERE entry.run_id = \(run) AND \(SQLFragments.isScored("entry"))
      GROUP BY coalesce(post.repost_group, post.id)
    )
    """
  }

  /// The numbers that the statement gave.
  package init(_ numbers: [Int]) {
    guard numbers.count == 5 else { return }
    (posts, distinct, repeated) = (numbers[0], numbers[1], numbers[2])
    (groups, ungrouped) = (numbers[3], numbers[4])
  }

  /// Counts a run's reposts.
  ///
  /// - Throws: `DatabaseError`, also for a store of a version without groups.
  package init(ofRun run: Int64, in db: Database) throws {
    let row = try Row.fetchOne(db, sql: Self.sql(ofRun: "?"), arguments: [run])
    self.init((0..<5).map { row?.integer($0) ?? 0 })
  }

  /// Whether a store has groups; one of an earlier version has none before it is written again.
  package static func areStored(in db: Database) throws -> Bool {
    try db.columns(in: "post").contains { $0.name == "repost_group" }
  }

  /// What to do about posts without a group; nil if there are none.
  package var notice: String? {
    ungrouped == 0
      ? nil
      : "\(ungrouped) of \(posts) posts have no repost group, because an earlier clfa recorded them, so each counts by "
        + "itself: clfa merge NEW.sqlite STORE.sqlite makes a copy in which every post has its group"
  }
}

extension StoreWriter {
  /// Counts the reposts of a run.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - shouldStop: asked every few thousand steps of SQLite, in addition to the writer's own check.
  /// - Returns: the numbers of the run.
  /// - Throws: `interrupted`, or an error if the store cannot be read.
  /// - Complexity: O(n log n) for n entries; SQLite sorts in a file if there are many.
  package func reposts(
    of run: OpenRun, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> RunReposts {
    let signal = shouldStop.map(CancellationToken.init)
    defer { withExtendedLifetime(signal) {} }
    return try transact { db in
      signal?.install(on: db.sqliteConnection)
      return try RunReposts(ofRun: run.id, in: db)
    }
  }
}
