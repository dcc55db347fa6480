import GRDBSQLite
import Queries

/// The posts of a run that a search compares.
enum CandidatePosts {
  /// The posts' row ids, ascending, each once.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - condition: an SQL condition that the posts must meet, as given by the user.
  ///   - excluded: a post that is left out.
  ///   - connection: the connection to read from.
  /// - Returns: the posts' row ids.
  /// - Throws: `SimilarityError.condition` if the condition is not a valid expression, `QueryError` if the store cannot
  ///   be read.
  /// - Complexity: O(n) for n entries, plus the cost of the condition; 8 bytes a post.
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
      let statement = try PreparedStatement(
        """
        SELECT clfa_take(post_id) FROM entry WHERE run_id = ?1 AND \(SQLFragments.isScored("entry"))
        """, on: connection)
      _ = try statement.start([.integer(run)])
      statement.reset()
    }
    return list.finished(leavingOut: excluded)
  }

  private static func take(_ condition: String, of run: Int64, on connection: ReadOnlyConnection) throws {
    do {
      let condition = try PostCondition(condition)
      let query = try NamedQuery.own(
        name: "condition", file: "condition", sql: condition.statement(run: run, calling: "clfa_take"))
      _ = try QueryStatement(query, on: connection).step()
    } catch let problem as ConditionError {
      throw SimilarityError.condition(problem)
    } catch QueryError.notReading(_, let action) {
      throw SimilarityError.condition(.notReading(action: action))
    } catch QueryError.sqlite(let place, let message) {
      // The first line of the statement is not the user's.
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

/// An SQL expression over a post's columns, such as `label = 'ironic' AND confidence > 0.9`.
///
/// It is put in parentheses inside a statement of clfa, and cannot leave them: it has no comment, semicolon or
/// parameter, and its brackets and quotes are balanced. SQLite checks its meaning on a read-only connection.
package struct PostCondition: Sendable {
  /// The expression as it was given.
  package let sql: String

  /// Checks an expression's form.
  ///
  /// - Throws: what keeps it from being one expression.
  package init(_ sql: String) throws(ConditionError) {
    let bytes = Array(sql.utf8)
    guard !bytes.contains(0) else { throw .nul }
    var depth = 0
    var isEmpty = true
    for token in SQLTokens.of(bytes) {
      let piece = String(decoding: bytes[token.range], as: UTF8.self)
      if token.kind == .comment { throw .comment }
      guard token.isClosed else { throw .open(quote: String(piece.prefix(1))) }
      switch token.kind {
      case .blank: continue
      case .parameter: throw .parameter(piece)
      // Only clfa's own statement may call the function that passes posts on; within a subquery it could pass on any
      // number.
      case .quotedName, .word: if piece.lowercased().contains(Self.ours) { throw .reserved(piece) }
      case .comment, .text: break
      case .symbol:
        switch bytes[token.range.lowerBound] {
        case UInt8(ascii: ";"): throw .semicolon
        case UInt8(ascii: "("): depth += 1
        case UInt8(ascii: ")"):
          depth -= 1
          if depth < 0 { throw .unpaired }
        default: break
        }
      }
      isEmpty = false
    }
    guard depth == 0 else { throw .unpaired }
    guard !isEmpty else { throw .empty }
    self.sql = sql
  }

  /// The prefix of the names of clfa's own SQL functions.
  private static let ours = "clfa_"

  /// The columns that an expression may name: those of the view `scored`, for any run.
  package static let columns = [
    "run", "file", "record", "line", "key", "post_id", "state", "label", "confidence", "truth", "correct",
    "text_image_similarity", "unknown_share", "truncated", "probabilities", "text", "knowledge", "image", "posted_at",
    "extra",
  ]

  /// A statement that passes the posts of a run that meet the condition to a function; the expression starts on the
  /// second line.
  func statement(run: Int64, calling function: String) -> String {
    let rows = """
      SELECT run.name AS run, entry.file, entry.record, entry.line, entry.key, entry.post_id, entry.state,
      prediction.label, prediction.confidence, truth.label AS truth, prediction.label = truth.label AS correct,
      prediction.text_image_similarity, prediction.unknown_share, prediction.truncated, prediction.probabilities,
      post.text, post.knowledge, post.image, post.posted_at, post.extra
      FROM run JOIN entry ON entry.run_id = run.id JOIN post ON post.id = entry.post_id
      JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
      LEFT JOIN label AS truth ON truth.post_id = entry.post_id AND truth.source = \(SQLFragments.trueLabelSource)
      WHERE run.id = \(run) AND \(SQLFragments.isScored("entry"))
      """
    let oneLine = rows.split(separator: "\n").joined(separator: " ")
    return "SELECT \(function)(post_id) FROM (\(oneLine)) AS scored WHERE (\n\(sql)\n)"
  }
}

/// Why an expression is invalid or cannot be evaluated.
package enum ConditionError: Error, Equatable, Sendable {
  /// It is empty.
  case empty
  /// It contains a NUL, after which SQLite would read nothing.
  case nul
  /// It contains a comment, which could swallow the text after it.
  case comment
  /// It contains a semicolon, so it is more than one statement.
  case semicolon
  /// It contains a parameter, which has no value.
  case parameter(String)
  /// It calls one of clfa's own functions.
  case reserved(String)
  /// Its parentheses are not balanced.
  case unpaired
  /// A quote is not closed.
  case open(quote: String)
  /// It would do more than read.
  case notReading(action: String)
  /// SQLite rejects it; the position is in the expression, from 1.
  case sqlite(message: String, line: Int?, column: Int?)
}
