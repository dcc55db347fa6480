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

extension StoreWriter {
  /// Adds up what a run's posts gave its model.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - placeholders: cells that say no more than an empty one, in small letters.
  /// - Returns: the sums.
  /// - Throws: `interrupted`, and what keeps the store from being read.
  /// - Complexity: O(n log m) for n entries in a store of m posts; nothing of it stays in memory.
  public func inputs(of run: OpenRun, placeholders: [String]) throws(StoreError) -> RunInputs {
    try transact { db in
      let marks = placeholders.map { _ in "?" }.joined(separator: ", ")
      let blanks = "' ' || char(9, 10, 11, 12, 13, 160, 12288)"
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT count(*), sum(has_text), sum(has_knowledge), sum(state = 'scored'),
            avg(CASE WHEN has_text THEN unknown_share END)
          FROM (
            SELECT entry.state AS state, prediction.unknown_share AS unknown_share,
              trim(post.text, \(blanks)) <> '' AS has_text,
              lower(trim(post.knowledge, \(blanks))) NOT IN (\(marks.isEmpty ? "''" : "'', " + marks)) AS has_knowledge
            FROM entry CROSS JOIN post ON post.id = entry.post_id
            LEFT JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
            WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture'))
          """,
        arguments: StatementArguments(placeholders) + [run.scorerID, run.id])
      var inputs = RunInputs()
      if let row {
        inputs.posts = row[0] ?? 0
        (inputs.texts, inputs.knowledge, inputs.pictures) = (row[1] ?? 0, row[2] ?? 0, row[3] ?? 0)
        inputs.unknownPieces = row[4] ?? 0
      }
      let streams = try Row.fetchAll(
        db,
        sql: """
          SELECT feature.stream, count(*) FROM entry CROSS JOIN feature ON feature.post_id = entry.post_id
          WHERE entry.run_id = ? AND entry.state IN ('scored', 'without_picture') GROUP BY feature.stream
          """, arguments: [run.id])
      for row in streams { inputs.streams[row[0]] = row[1] }
      return inputs
    }
  }
}
