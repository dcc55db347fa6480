import GRDB
import Store
import TestSupport

/// A small store for the tests of labels and samples.
enum LabelFixture {
  /// A store of four posts, two of them contents of the key `x`, and a run of two labels that scored them.
  static func writer(_ folder: Scratch, _ file: String = "posts.sqlite") throws -> StoreWriter {
    let path = folder.file(file)
    try StoreWriter.open(path: path).close()
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: """
          INSERT INTO scorer VALUES (1, 'f', 'm', 'f32', '{}', '["sincere","ironic"]');
          INSERT INTO run (id, name, scorer_id, corpus, version, machine, started_at, finished_at, state, counts)
          VALUES (1, 'posts', 1, 'posts.csv', '1', '{}', 't', 't', 'finished', '{"files":{"posts.csv":{"read":4,"other_shards":0,"not_sampled":0}}}');
          INSERT INTO post (id, key, content_hash, text, knowledge, extra)
          VALUES (1, 'x', 'h', '', '', '{}'), (2, 'y', 'h', '', '', '{}'), (3, '007', 'h', '', '', '{}'),
            (4, 'x', 'i', '', '', '{}');
          INSERT INTO entry SELECT 1, 'posts.csv', id, id + 1, key, id, 'without_picture' FROM post;
          INSERT INTO prediction SELECT 1, id, 'sincere', 0.6, '{"sincere":0.6,"ironic":0.4}', NULL, 0, 0 FROM post;
          """)
    }
    try queue.close()
    return try StoreWriter.open(path: path)
  }

  /// All labels: `post source label time note`.
  static func labels(_ writer: StoreWriter) throws -> [String] {
    try writer.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT post_id || ' ' || source || ' ' || label || ' ' || noted_at || ifnull(' ' || note, '')
          FROM label LEFT JOIN label_note USING (post_id, source) ORDER BY post_id, source
          """)
    }
  }
}
