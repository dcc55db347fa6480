import GRDB
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct RunInputsTests {
  @Test func postsAfterTheFirstRowsCount() throws {
    let folder = try Scratch()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    defer { try? writer.close() }
    let run = try writer.openRun(Fixtures.request())
    #expect(try writer.inputs(of: run, placeholders: []).posts == 0)
    let sql =
      """
      INSERT INTO post (id, key, content_hash, text, knowledge, extra) VALUES
        (1, 'a', 'a', 'words', 'a sign', '{}'), (2, 'b', 'b', ' ', ' NaN ', '{}'), (3, 'c', 'c', 'words', '', '{}');
      INSERT INTO entry (run_id, file, record, line, key, post_id, state) VALUES
        (\(run.id), 'f', 1, 2, 'a', 1, 'scored'), (\(run.id), 'f', 2, 3, 'b', 2, 'without_picture'),
        (\(run.id), 'f', 3, 4, 'c', 3, 'without_picture'), (\(run.id), 'f', 4, 5, 'a', 1, 'duplicate');
      INSERT INTO prediction (scorer_id, post_id, label, confidence, probabilities, unknown_share, truncated)
        SELECT \(run.scorerID), id, 'plain', 1, '{}', id * 0.1, 0 FROM post;
      INSERT INTO feature (post_id, stream, hash) VALUES (1, 'audio', ''), (3, 'audio', '');
      """
    try DatabaseQueue(path: folder.file("posts.sqlite")).write { try $0.execute(sql: sql) }
    let inputs = try writer.inputs(of: run, placeholders: ["nan"])
    #expect([inputs.posts, inputs.texts, inputs.knowledge, inputs.pictures] == [3, 2, 1, 1])
    #expect(abs(inputs.unknownPieces - 0.2) < 1e-9 && inputs.streams == ["audio": 2])
    #expect(try writer.inputs(of: run, placeholders: []).knowledge == 2)
  }

  /// `score` opens its store without a cancellation check, so a signal at the end of a run waited for the whole sum.
  @Test func aRequestToStopEndsTheSumWithinAFewThousandSteps() throws {
    let folder = try Scratch()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    defer { try? writer.close() }
    let run = try writer.openRun(Fixtures.request())
    let sql =
      """
      WITH RECURSIVE number (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < 2000)
        INSERT INTO post (id, key, content_hash, text, knowledge, extra)
        SELECT n, n, n, 'words', '', '{}' FROM number;
      INSERT INTO entry (run_id, file, record, line, key, post_id, state)
        SELECT \(run.id), 'f', id, id + 1, key, id, 'scored' FROM post;
      """
    try DatabaseQueue(path: folder.file("posts.sqlite")).write { try $0.execute(sql: sql) }
    let asked = Mutex(0)
    #expect(throws: StoreError.interrupted(path: writer.path)) {
      try writer.inputs(of: run, placeholders: []) {
        asked.withLock { $0 += 1 }
        return true
      }
    }
    #expect(asked.withLock { $0 } == 1)
    // The writer counts without asking whether to stop.
    #expect(try writer.inputs(of: run, placeholders: []).posts == 2000)
  }

  /// Every table is reached by a key: none is read in full, and only the streams' names are sorted.
  @Test func theSumReadsOnlyTheRunsOwnRows() throws {
    let folder = try Scratch()
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    defer { try? writer.close() }
    let plans = try writer.read { db in
      try RunInputs.statements(marks: "''").map { sql in
        try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql.replacing("?", with: "1")).map { $0["detail"] as String }
      }
    }
    #expect(plans.count == 2)
    for step in plans.joined() {
      #expect(step.hasPrefix("SEARCH") || step == "USE TEMP B-TREE FOR GROUP BY", "\(step)")
    }
    #expect(plans[0].first == "SEARCH entry USING PRIMARY KEY (run_id=?)")
  }
}
