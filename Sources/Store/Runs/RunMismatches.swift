import Bytes
package import GRDB
import Queries

/// How a run's corpus differs from its model's training data, as found before the first row was scored.
package struct RunMismatches: Sendable, Equatable {
  /// A JSON array of objects, each with `words`.
  package var json: String
  /// Each mismatch in words; empty if nothing differs.
  package var words: [String]

  /// The maximum number kept; more than anybody reads.
  private static let most = 50

  /// The mismatches of a run; nil if none were recorded, as in runs of earlier versions and in imported ones.
  package init?(ofRun run: Int64, in db: Database) throws {
    // A store of an earlier version is read as it is.
    guard try db.columns(in: "run").contains(where: { $0.name == "mismatches" }) else { return nil }
    let json = try String.fetchOne(
      db, sql: "SELECT mismatches FROM run WHERE id = ? AND json_type(mismatches) = 'array'", arguments: [run])
    guard let json else { return nil }
    self.json = json
    words = try String.fetchAll(
      db,
      sql: """
        SELECT substr(value ->> '$.words', 1, 2000) FROM json_each(?)
        WHERE type = 'object' AND json_type(value, '$.words') = 'text' LIMIT ?
        """, arguments: [json, Self.most])
  }

  /// Writes an array of objects into a run; nil leaves the present value.
  static func write(_ json: String?, run: Int64, in db: Database) throws {
    guard let json else { return }
    try db.execute(sql: "UPDATE run SET mismatches = ? WHERE id = ?", arguments: [json, run])
  }

  /// Joins the mismatches of two parts of a run: each subject once, with the posts of both and the weighted mean of
  /// their shares; nil if neither part recorded any.
  static func join(_ first: String?, _ second: String?, in db: Database) throws -> String? {
    guard let first, let second else { return first ?? second }
    return try String.fetchOne(
      db,
      sql: """
        WITH item AS (
          SELECT value, value ->> '$.subject' AS subject, max(value ->> '$.posts', 1) AS posts,
            value ->> '$.here' AS here, value ->> '$.in_run' AS in_run, value ->> '$.trained' AS trained
          FROM (SELECT value FROM json_each(?1) WHERE type = 'object'
            UNION ALL SELECT value FROM json_each(?2) WHERE type = 'object')),
        joined AS (
          SELECT min(value) AS value, subject, sum(posts) AS posts, count(*) AS parts, max(trained) AS trained,
            round(sum(here * posts) / sum(posts), 6) AS here,
            round(sum(coalesce(in_run, here) * posts) / sum(posts), 6) AS in_run, count(in_run) > 0 AS knows_run,
            CASE WHEN subject IN ('picture_side', 'characters_per_piece') THEN '%.1f' ELSE '%.1f %%' END AS form,
            CASE WHEN subject IN ('picture_side', 'characters_per_piece') THEN 1 ELSE 100 END AS factor
          FROM item WHERE subject IS NOT NULL AND here IS NOT NULL AND posts IS NOT NULL GROUP BY subject),
        reworded AS (
          SELECT CASE WHEN parts = 1 THEN value ELSE json_set(
            value, '$.posts', posts, '$.here', here, '$.words',
            CASE subject WHEN 'labels' THEN 'Labels that the model does not know'
              WHEN 'label_numbers' THEN 'Labels that are numbers without a name'
              WHEN 'unknown_pieces' THEN 'Unknown word pieces'
              WHEN 'unknown_pieces_of_knowledge' THEN 'Unknown word pieces in knowledge'
              WHEN 'characters_per_piece' THEN 'Characters per word piece'
              WHEN 'picture_side' THEN 'Median of the shorter sides of pictures, in pixels'
              WHEN 'links' THEN 'Texts with web addresses' WHEN 'mentions' THEN 'Texts with @names'
              WHEN 'entities' THEN 'Texts with HTML entities' WHEN 'placeholders' THEN 'Texts with placeholders'
              ELSE CASE WHEN subject LIKE 'script %' THEN 'Letters of the ' ELSE 'Posts with ' END || subject END
            || ': ' || printf(form, here * factor) || ' in the ' || posts || ' posts looked at'
            || coalesce(', ' || printf(form, trained * factor) || ' in training', '') || '.') END AS value,
            in_run, parts > 1 AND knows_run AS sets_run
          FROM joined)
        SELECT json_group_array(json(value)) FROM (
          SELECT CASE WHEN sets_run THEN json_set(value, '$.in_run', in_run) ELSE value END AS value FROM reworded
          UNION SELECT value FROM item WHERE subject IS NULL OR here IS NULL OR posts IS NULL)
        """, arguments: [first, second])
  }
}

extension StoreWriter {
  /// Records how a run's corpus differs from its model's training data, and replaces an earlier record.
  package func record(mismatches json: String, of run: OpenRun) throws(StoreError) {
    try transact { db in try RunMismatches.write(json, run: run.id, in: db) }
  }
}

/// The inputs of all posts that a run scored.
package struct RunInputs: Sendable, Equatable {
  /// Posts with a prediction, without duplicates.
  package var posts = 0
  /// Posts with a text, with knowledge, with a picture.
  package var texts = 0, knowledge = 0, pictures = 0
  /// The mean share of unknown word pieces, over the posts with a text.
  package var unknownPieces = 0.0
  /// Posts with something in a stream of features, by the stream's name.
  package var streams: [String: Int] = [:]

  /// Creates inputs of no posts.
  package init() {}
}

extension RunInputs {
  /// The sums over a run's posts, and its posts by stream; both look up the run's entries in other tables by key.
  package static func statements(marks: String) -> [String] {
    let blanks = "' ' || char(9, 10, 11, 12, 13, 160, 12288)"
    return [
      """
      SELECT count(*), sum(has_text), sum(has_knowledge), sum(has_picture),
        avg(CASE WHEN has_text THEN unknown_share END)
      FROM (
        SELECT \(SQLFragments.isScoredWithPicture("entry")) AS has_picture, prediction.unknown_share AS unknown_share,
          trim(post.text, \(blanks)) <> '' AS has_text,
          lower(trim(post.knowledge, \(blanks))) NOT IN (\(marks)) AS has_knowledge
        FROM entry CROSS JOIN post ON post.id = entry.post_id
        LEFT JOIN prediction ON prediction.scorer_id = ? AND prediction.post_id = entry.post_id
        WHERE entry.run_id = ? AND \(SQLFragments.isScored("entry")))
      """,
      """
      SELECT feature.stream, count(*) FROM entry CROSS JOIN feature ON feature.post_id = entry.post_id
      WHERE entry.run_id = ? AND \(SQLFragments.isScored("entry")) GROUP BY feature.stream
      """,
    ]
  }
}

extension StoreWriter {
  /// Adds up what a run's posts gave its model.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - placeholders: cells that count as empty, in lower case.
  ///   - shouldStop: asked every few thousand steps of SQLite, in addition to the writer's own check.
  /// - Returns: the sums.
  /// - Throws: `interrupted`, or an error if the store cannot be read.
  /// - Complexity: O(n log m) for n entries in a store of m posts; memory is constant.
  package func inputs(
    of run: OpenRun, placeholders: [String], shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> RunInputs {
    let signal = shouldStop.map(CancellationToken.init)
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
