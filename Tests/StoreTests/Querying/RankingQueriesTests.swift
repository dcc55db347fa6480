import GRDB
import Queries
import Store
import Testing

/// The queries that rank posts use one of two methods, depending on the size of the run; both must give the result of
/// simple SQL.
@Suite struct RankingQueriesTests {
  /// Run `large` has 20,100 posts of scorer 1, run `small` every hundredth of them; many share a confidence.
  private static let rows = """
    INSERT INTO run (id, name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state, counts)
      SELECT 10, 'large', 1, 'l.csv', NULL, NULL, '1', '{}', started_at, NULL, 'finished', '{"files":{}}'
      FROM run WHERE id = 1;
    INSERT INTO run (id, name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state, counts)
      SELECT 11, 'small', 1, 's.csv', NULL, NULL, '1', '{}', started_at, NULL, 'finished', '{"files":{}}'
      FROM run WHERE id = 1;
    CREATE TEMP TABLE n AS WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 20199)
      SELECT i FROM n;
    INSERT INTO post (id, key, content_hash, text, knowledge, extra)
      SELECT i, 'k' || i, 'h' || i, 'text ' || i, '', '{}' FROM n;
    INSERT INTO prediction SELECT 1, i, CASE WHEN i % 3 THEN 'yes' ELSE 'no' END, 0.5 + (i * 7919 % 1000) / 2000.0,
      '{}', NULL, 0, 0 FROM n;
    INSERT INTO label SELECT i, 'corpus', CASE WHEN i % 7 THEN 'yes' ELSE 'no' END, '2026-01-01T00:00:00Z' FROM n;
    INSERT INTO label SELECT i, 'anna', 'no', '2026-02-01T00:00:00Z' FROM n WHERE i % 11 = 0;
    INSERT INTO entry SELECT 10, 'l.csv', i, i, 'k' || i, i, CASE WHEN i % 5 THEN 'scored' ELSE 'without_picture' END
      FROM n;
    INSERT INTO entry SELECT 11, 's.csv', i, i, 'k' || i, i, CASE WHEN i % 13 THEN 'scored' ELSE 'duplicate' END
      FROM n WHERE i % 100 = 0;
    """

  private static func plain(_ run: String, _ condition: String, _ order: String) -> String {
    """
    SELECT entry.key FROM entry JOIN prediction ON prediction.post_id = entry.post_id AND scorer_id = 1
    WHERE run_id = (SELECT id FROM run WHERE name = '\(run)') AND state IN ('scored', 'without_picture') AND \(condition)
    ORDER BY \(order)
    """
  }

  private let store: QueryingStore

  init() throws {
    store = try QueryingStore()
    let queue = try DatabaseQueue(path: store.path)
    try queue.write { db in try db.execute(sql: Self.rows) }
    try queue.close()
  }

  @Test(arguments: ["large", "small"])
  func bothWaysGiveTheSame(run: String) throws {
    let truth = """
      label <> (SELECT label FROM label WHERE label.post_id = entry.post_id ORDER BY noted_at DESC, source LIMIT 1)
      """
    let cases = [
      ("least-certain", Self.plain(run, "true", "confidence, entry.post_id")),
      ("most-certain-mistakes", Self.plain(run, truth, "confidence DESC, entry.post_id DESC")),
    ]
    for (name, sql) in cases {
      let expected = try store.ask(sql: sql).column("key")
      #expect(expected.count > 50)
      #expect(try store.ask(name, "run=\(run)", "limit=-1").column("key") == expected)
      #expect(try store.ask(name, "run=\(run)", "limit=7").column("key") == Array(expected.prefix(7)))
    }
  }
}
