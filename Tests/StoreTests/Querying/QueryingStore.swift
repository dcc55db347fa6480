import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

/// A small store with known answers to every query.
///
/// Run `first` is of scorer 1, run `second` of scorer 2, run `empty` has no rows. Posts 1 to 6; `p5` has no
/// picture, the row of line 8 failed.
struct QueryingStore {
  let folder: Scratch
  var path: String { folder.file("posts.sqlite") }

  init() throws {
    folder = try Scratch()
    try StoreWriter.open(path: folder.file("posts.sqlite")).close()
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in try db.execute(sql: Self.rows) }
    try queue.close()
  }

  /// The rows of an answer, with its columns.
  struct Answer {
    var columns: [String] = []
    var rows: [[QueryValue]] = []

    /// A column by its name.
    func column(_ name: String) -> [QueryValue] {
      guard let index = columns.firstIndex(of: name) else { return [] }
      return rows.map { $0[index] }
    }
  }

  func ask(_ name: String, _ arguments: String...) throws -> Answer {
    try ask(NamedQuery.named(name, in: NamedQuery.all), arguments)
  }

  func ask(sql: String, _ arguments: String...) throws -> Answer {
    try ask(NamedQuery.own(name: "q", file: "q", sql: sql), arguments)
  }

  func ask(_ query: NamedQuery, _ arguments: [String]) throws -> Answer {
    var answer = Answer()
    let arguments = try arguments.map { text in try QueryArgument(parsing: text) }
    try QueryRunner(path: path).run(query, arguments: arguments) {
      answer.columns = $0
    } row: {
      answer.rows.append($0)
      return true
    }
    return answer
  }

  private static let rows = """
    INSERT INTO scorer VALUES
      (1, 'aa', 'one', 'f32', '{}', '["no","yes","never"]'), (2, 'bb', 'two', 'f32', '{}', '["no","yes","never"]');
    INSERT INTO run (id, name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state, counts) VALUES
      (1, 'first', 1, 'a.csv', NULL, NULL, '1', '{}', '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', 'finished',
        '{"files":{"a.csv":{"read":12,"other_shards":3,"not_sampled":0}},"limit":null,"sample":null}'),
      (2, 'empty', 2, 'a.csv', NULL, NULL, '1', '{}', '2026-01-01T00:00:00Z', NULL, 'running', '{"files":{}}'),
      (3, 'second', 2, 'a.csv', NULL, NULL, '1', '{}', '2026-01-02T00:00:00Z', NULL, 'finished',
        '{"files":{"a.csv":{"read":5,"other_shards":0,"not_sampled":1}},"limit":null,"sample":null}');
    INSERT INTO post (id, key, content_hash, text, knowledge, image, picture_hash, extra) VALUES
      (1, 'p1', 'h1', 'one', '', '1.jpg', 'x', '{}'), (2, 'p2', 'h2', 'two', '', '2.jpg', 'x', '{}'),
      (3, 'p3', 'h3', 'three', '', '3.jpg', 'x', '{}'), (4, 'p4', 'h4', 'four', '', '4.jpg', 'x', '{}'),
      (5, 'p5', 'h5', 'five', '', NULL, NULL, '{}'), (6, 'p6', 'h6', 'six', '', '6.jpg', NULL, '{}');
    INSERT INTO entry VALUES
      (1, 'a.csv', 1, 2, 'p1', 1, 'scored'), (1, 'a.csv', 2, 3, 'p2', 2, 'scored'),
      (1, 'a.csv', 3, 4, 'p3', 3, 'scored'), (1, 'a.csv', 4, 5, 'p4', 4, 'scored'),
      (1, 'a.csv', 5, 6, 'p5', 5, 'without_picture'), (1, 'a.csv', 6, 7, 'p6', 6, 'without_picture'),
      (1, 'a.csv', 7, 8, 'p7', NULL, 'faulted'), (1, 'a.csv', 8, 9, 'p1', 1, 'duplicate'),
      (1, 'a.csv', 9, 10, NULL, NULL, 'faulted'),
      (3, 'a.csv', 1, 2, 'p1', 1, 'scored'), (3, 'a.csv', 2, 3, 'p2', 2, 'scored'),
      (3, 'a.csv', 3, 4, 'p4', 4, 'scored');
    INSERT INTO prediction VALUES
      (1, 1, 'yes', 0.9, '{}', 0.5, 0, 0), (1, 2, 'no', 0.6, '{}', -0.25, 0, 0),
      (1, 3, 'yes', 0.8, '{}', 0.125, 0, 0), (1, 4, 'no', 0.7, '{}', 0.75, 0, 0),
      (1, 5, 'yes', 0.55, '{}', NULL, 0, 0), (1, 6, 'no', 0.95, '{}', NULL, 0, 0),
      (2, 1, 'no', 0.8, '{}', 0.5, 0, 0), (2, 2, 'no', 0.7, '{}', 0.5, 0, 0),
      (2, 3, 'no', 0.99, '{}', 0.5, 0, 0), (2, 4, 'yes', 0.65, '{}', 0.5, 0, 0);
    INSERT INTO label VALUES
      (1, 'corpus', 'yes', '2026-01-01T00:00:00Z'), (2, 'corpus', 'yes', '2026-01-01T00:00:00Z'),
      (3, 'corpus', 'yes', '2026-01-01T00:00:00Z'), (3, 'anna', 'no', '2026-02-01T00:00:00Z'),
      (4, 'corpus', 'no', '2026-01-01T00:00:00Z'), (4, 'anna', 'yes', '2026-01-01T00:00:00Z');
    INSERT INTO fault VALUES
      (1, 1, 'a.csv', 8, 'p7', 'image', 'missing', '7.jpg', 'no such file'),
      (2, 1, 'a.csv', 10, NULL, 'corpus', 'too_few_fields', NULL, '2 of 3');
    INSERT INTO embedding VALUES (1, 'text', 1, x'0000803f');
    """
}
