import GRDB

/// What the posts that a run scored gave its model, in its whole length.
public struct RunInputs: Sendable, Equatable {
  /// Posts with an answer, each row of the corpus once, duplicates apart.
  public var posts = 0
  /// Those with a text, with knowledge, with a picture.
  public var texts = 0, knowledge = 0, pictures = 0
  /// The mean share of pieces that the tokenizer does not know, over the posts with a text.
  public var unknownPieces = 0.0
  /// Posts with something in a stream of features, by the stream's name.
  public var streams: [String: Int] = [:]

  /// Creates what no post gave.
  public init() {}
}

extension RunInputs {
  /// The sums over a run's posts, and its posts by stream; both go from the run's entries to other tables' keys.
  package static func statements(marks: String) -> [String] {
    let blanks = "' ' || char(9, 10, 11, 12, 13, 160, 12288)"
    return [
      """
      SELECT count(*), sum(has_text), sum(has_knowledge), sum(state = 'scored'),
        avg(CASE WHEN has_text THEN unknown_share END)
      FROM (
        SELECT entry.state AS state, prediction.unknown_share AS unknown_share,
          trim(post.text, \(blanks)) <> '' AS has_text,
          lower(trim(post.knowledge, \(blanks))) NOT IN (\(marks)) AS has_knowledge
        FROM entry CROSS JOIN post ON post.id = entry.post_id
        LEFT JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture'))
      """,
      """
      SELECT feature.stream, count(*) FROM entry CROSS JOIN feature ON feature.post_id = entry.post_id
      WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture') GROUP BY feature.stream
      """,
    ]
  }
}

extension StoreWriter {
  /// Adds up what a run's posts gave its model.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - placeholders: cells that say no more than an empty one, in small letters.
  ///   - shouldStop: asked every few thousand steps of SQLite, whatever the writer itself asks.
  /// - Returns: the sums.
  /// - Throws: `interrupted`, and what keeps the store from being read.
  /// - Complexity: O(n log m) for n entries in a store of m posts; nothing of it stays in memory.
  public func inputs(
    of run: OpenRun, placeholders: [String], shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> RunInputs {
    let signal = shouldStop.map(StopSignal.init)
    defer { withExtendedLifetime(signal) {} }
    return try transact { db in
      signal?.install(on: db.sqliteConnection)
      let marks = placeholders.map { _ in "?" }.joined(separator: ", ")
      let statements = RunInputs.statements(marks: marks.isEmpty ? "''" : "'', " + marks)
      let row = try Row.fetchOne(
        db,
        sql: statements[0],
        arguments: StatementArguments(placeholders) + [run.scorerID, run.id])
      var inputs = RunInputs()
      if let row {
        inputs.posts = row[0] ?? 0
        (inputs.texts, inputs.knowledge, inputs.pictures) = (row[1] ?? 0, row[2] ?? 0, row[3] ?? 0)
        inputs.unknownPieces = row[4] ?? 0
      }
      let streams = try Row.fetchAll(
        db,
        sql: statements[1], arguments: [run.id])
      for row in streams { inputs.streams[row[0]] = row[1] }
      return inputs
    }
  }
}
