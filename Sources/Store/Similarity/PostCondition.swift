import Queries

/// An SQL expression over a post's columns, such as `label = 'ironic' AND confidence > 0.9`.
///
/// It stands in parentheses inside a statement of ours, and cannot leave them: it has no comment, no semicolon and no
/// parameter, its brackets pair and its quotes close. What it says is checked by SQLite on a connection that can only
/// read.
package struct PostCondition: Sendable {
  /// The expression as it was given.
  package let sql: String

  /// Checks an expression's form.
  ///
  /// - Throws: what keeps it from being one expression.
  package init(_ sql: String) throws(ConditionProblem) {
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
      // What hands posts on is ours to call; within a subquery it could hand on any number.
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

  /// What the names of our own SQL functions begin with.
  private static let ours = "clfa_"

  /// The columns that an expression may name: those of the view `scored`, for any run.
  package static let columns = [
    "run", "file", "record", "line", "key", "post_id", "state", "label", "confidence", "truth", "correct",
    "text_image_similarity", "unknown_share", "truncated", "probabilities", "text", "knowledge", "image", "posted_at",
    "extra",
  ]

  /// A statement that hands the posts of a run that the expression is true of to a function, the expression on lines
  /// of its own from the second on.
  func statement(run: Int64, calling function: String) -> String {
    let rows = """
      SELECT run.name AS run, entry.file, entry.record, entry.line, entry.key, entry.post_id, entry.state,
      prediction.label, prediction.confidence, truth.label AS truth, prediction.label = truth.label AS correct,
      prediction.text_image_similarity, prediction.unknown_share, prediction.truncated, prediction.probabilities,
      post.text, post.knowledge, post.image, post.posted_at, post.extra
      FROM run JOIN entry ON entry.run_id = run.id JOIN post ON post.id = entry.post_id
      JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
      LEFT JOIN label AS truth ON truth.post_id = entry.post_id AND truth.source = (SELECT source FROM label
      WHERE label.post_id = entry.post_id ORDER BY noted_at DESC, source LIMIT 1)
      WHERE run.id = \(run) AND entry.state IN ('scored', 'without_picture')
      """
    let oneLine = rows.split(separator: "\n").joined(separator: " ")
    return "SELECT \(function)(post_id) FROM (\(oneLine)) AS scored WHERE (\n\(sql)\n)"
  }
}

/// Why an expression is none, or is not answered.
public enum ConditionProblem: Error, Equatable, Sendable {
  /// There is nothing in it.
  case empty
  /// It holds a NUL, behind which SQLite would read nothing.
  case nul
  /// It holds a comment, which could swallow what follows.
  case comment
  /// It holds a semicolon: more than one statement.
  case semicolon
  /// It holds a parameter, which nothing would give a value.
  case parameter(String)
  /// It names a function of the program's own.
  case reserved(String)
  /// Its parentheses do not pair.
  case unpaired
  /// A quote has no end.
  case open(quote: String)
  /// It would do more than read.
  case notReading(action: String)
  /// SQLite does not understand it; the place is in the expression, from 1.
  case sqlite(message: String, line: Int?, column: Int?)
}
