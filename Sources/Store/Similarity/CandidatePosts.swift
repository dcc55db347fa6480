import GRDBSQLite
import Queries

/// The posts of a run that a search compares.
enum CandidatePosts {
  /// Their numbers, ascending, each once.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - condition: what a post must be true of, as it was given.
  ///   - excluded: a post that is left out.
  ///   - connection: where they are read.
  /// - Returns: the posts' numbers.
  /// - Throws: `SimilarityError.condition` where that is no expression, `QueryError` where the store is at fault.
  /// - Complexity: O(n) for n entries, beside what the condition costs; 8 bytes a post.
  static func all(
    of run: Int64, where condition: String?, leavingOut excluded: Int64?, on connection: ReadOnlyConnection
  ) throws -> [Int64] {
    let list = List()
    try SQLCallback.register("clfa_take", arguments: 1, on: connection) { arguments in
      list.take(sqlite3_value_int64(arguments[0]))
    }
    if let condition {
      try take(condition, of: run, on: connection)
    } else {
      let statement = try OwnStatement(
        """
        SELECT clfa_take(post_id) FROM entry WHERE run_id = ?1 AND state IN ('scored', 'without_picture')
        """, on: connection)
      _ = try statement.start([.integer(run)])
      statement.rest()
    }
    return list.finished(leavingOut: excluded)
  }

  private static func take(_ condition: String, of run: Int64, on connection: ReadOnlyConnection) throws {
    do {
      let condition = try PostCondition(condition)
      let query = try NamedQuery.own(
        name: "--where", file: "--where", sql: condition.statement(run: run, calling: "clfa_take"))
      _ = try QueryStatement(query, on: connection).step()
    } catch let problem as ConditionProblem {
      throw SimilarityError.condition(problem)
    } catch QueryError.notReading(_, let action) {
      throw SimilarityError.condition(.notReading(action: action))
    } catch QueryError.sqlite(let place, let message) {
      // The statement's first line is ours.
      let line = place.position.map { $0.line - 1 }
      throw SimilarityError.condition(.sqlite(message: message, line: line, column: place.position?.column))
    }
  }

  private final class List {
    private var posts: [Int64] = []
    private var isAscending = true

    func take(_ post: Int64) {
      if let last = posts.last, post <= last { isAscending = false }
      posts.append(post)
    }

    func finished(leavingOut excluded: Int64?) -> [Int64] {
      if !isAscending {
        posts.sort()
        var kept = 0
        for post in posts where kept == 0 || posts[kept - 1] != post {
          posts[kept] = post
          kept += 1
        }
        posts.removeLast(posts.count - kept)
      }
      if let excluded, let place = posts.firstIndex(of: excluded) { posts.remove(at: place) }
      return posts
    }
  }
}
