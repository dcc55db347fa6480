import Bytes
package import Corpus
import GRDB
internal import Queries

/// The layout of a store, and the migrations from each earlier layout.
package enum StoreSchema {
  /// `PRAGMA application_id` of every store: `CLFA` in ASCII.
  package static let applicationID = 0x434C_4641
  /// `PRAGMA user_version` of a store with the present layout: the number of migrations.
  package static var version: Int { migrations.count }
  /// The size of a page in bytes.
  package static let pageSize = 16384

  /// A migration from one layout to the next. Migrations only go forward and never change after a release.
  struct Migration {
    /// The name under which the store remembers the step.
    var name: String
    /// The statements of the step.
    var sql: String
    /// Whether the view `typed` of the declared columns is made again.
    var makesTyped = false
  }

  /// Every step, in order.
  static let migrations = [
    Migration(name: "posts, runs and predictions", sql: firstTables + "\n" + firstViews),
    Migration(name: "full-text search", sql: search),
    Migration(name: "column types", sql: columnTypes),
    Migration(name: "thumbnails", sql: thumbnails),
    Migration(name: "features", sql: features),
    Migration(name: "mismatches and checksums", sql: trust),
    Migration(name: "unfinished tasks, predictions by post", sql: unfinished),
    Migration(name: "times of columns", sql: columnTimes, makesTyped: true),
    Migration(name: "reposts", sql: reposts),
    Migration(name: "samples", sql: samples),
    Migration(
      name: "numbers of columns", sql: "DROP VIEW typed_value; " + typedValue(version: numbersVersion), makesTyped: true
    ),
    Migration(name: "collected parts", sql: collectedParts),
  ]

  /// The names of every step, in order.
  package static var migrationNames: [String] { migrations.map(\.name) }

  /// Migrates a store to the present layout. Each step is one transaction, and increments `user_version`.
  /// - Parameters:
  ///   - queue: the store.
  ///   - version: the layout to stop at; the present one by default.
  /// - Throws: `DatabaseError`.
  static func migrate(_ queue: DatabaseQueue, to version: Int = version) throws {
    var migrator = DatabaseMigrator()
    for (index, migration) in migrations.prefix(version).enumerated() {
      // No step affects a table with foreign keys: checking all of them would take minutes in a large store.
      migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { db in
        try db.execute(sql: migration.sql)
        if migration.makesTyped {
          let columns = try ColumnDeclaration.all(db, path: queue.path)
          try db.execute(sql: "DROP VIEW typed; " + typed(columns, version: index + 1))
        }
        try db.execute(sql: "PRAGMA user_version = \(index + 1)")
      }
    }
    try migrator.migrate(queue)
  }
}

extension StoreSchema {
  /// The first version's tables and indexes.
  ///
  /// Users' SQL relies on every name here. Hashes are lower-case hexadecimal, times are UTC in ISO 8601
  /// (`2026-01-31T12:00:00Z`). The comments are stored in the file and can be read with SQLite.
  static let firstTables = """
    CREATE TABLE scorer (
      id INTEGER PRIMARY KEY,
      model_fingerprint TEXT NOT NULL,
      model_name TEXT NOT NULL,
      precision TEXT NOT NULL,                       -- f32; later bf16, int8
      options TEXT NOT NULL CHECK (json_valid(options)),   -- canonical JSON object
      labels TEXT NOT NULL CHECK (json_valid(labels)),     -- JSON array of names, in the model's order
      UNIQUE (model_fingerprint, precision, options)
    ) STRICT;
    CREATE TABLE run (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      scorer_id INTEGER NOT NULL REFERENCES scorer,
      corpus TEXT NOT NULL,                          -- file names joined by ' + '
      images TEXT,                                   -- the pictures' folder as given
      shard TEXT,                                    -- 'K/N'; 'K,L/N' when merged in part; NULL when whole
      version TEXT NOT NULL,                         -- clfa's
      machine TEXT NOT NULL CHECK (json_valid(machine)),
      started_at TEXT NOT NULL,
      finished_at TEXT,
      state TEXT NOT NULL CHECK (state IN ('running', 'interrupted', 'stopped', 'failed', 'finished')),
      counts TEXT NOT NULL CHECK (json_valid(counts))
        -- {"files":{"posts.csv":{"read":600,"other_shards":0,"not_sampled":0}},"limit":null,"sample":null,"stop":null}
    ) STRICT;
    CREATE TABLE post (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL,
      content_hash TEXT NOT NULL,
      text TEXT NOT NULL,
      knowledge TEXT NOT NULL,
      image TEXT,
      picture_hash TEXT,
      posted_at TEXT,
      extra TEXT NOT NULL CHECK (json_valid(extra)), -- object of JSON strings
      UNIQUE (key, content_hash)
    ) STRICT;
    CREATE TABLE entry (
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      file TEXT NOT NULL,
      record INTEGER NOT NULL,
      line INTEGER NOT NULL,
      key TEXT,
      post_id INTEGER REFERENCES post,
      state TEXT NOT NULL CHECK (state IN ('scored', 'without_picture', 'duplicate', 'faulted', 'forgotten')),
      PRIMARY KEY (run_id, file, record)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_post ON entry (post_id, run_id);
    CREATE TABLE prediction (
      scorer_id INTEGER NOT NULL REFERENCES scorer,
      post_id INTEGER NOT NULL REFERENCES post,
      label TEXT NOT NULL,
      confidence REAL NOT NULL,
      probabilities TEXT NOT NULL CHECK (json_valid(probabilities)),  -- {"label": p} in the model's order
      text_image_similarity REAL,
      unknown_share REAL NOT NULL,
      truncated INTEGER NOT NULL,
      PRIMARY KEY (scorer_id, post_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX prediction_confidence ON prediction (scorer_id, confidence);
    CREATE INDEX prediction_label ON prediction (scorer_id, label, confidence);
    CREATE INDEX prediction_similarity ON prediction (scorer_id, text_image_similarity);
    CREATE TABLE embedding (
      scorer_id INTEGER NOT NULL REFERENCES scorer,
      space TEXT NOT NULL,
      post_id INTEGER NOT NULL REFERENCES post,
      vector BLOB NOT NULL,                          -- little-endian float32
      PRIMARY KEY (scorer_id, space, post_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE label (
      post_id INTEGER NOT NULL REFERENCES post,
      source TEXT NOT NULL,                          -- 'corpus' for a label column
      label TEXT NOT NULL,
      noted_at TEXT NOT NULL,
      PRIMARY KEY (post_id, source)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE fault (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      file TEXT NOT NULL,
      line INTEGER NOT NULL,
      key TEXT,
      stage TEXT NOT NULL,
      code TEXT NOT NULL,
      path TEXT,
      detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX fault_run ON fault (run_id, file, line);
    """

  /// The first version's views; they use only built-in functions, so that every SQLite can read them.
  package static let firstViews = """
    -- scored: the latest run's entries joined with posts, predictions and truth.
    CREATE VIEW scored AS
    SELECT run.name AS run, entry.file, entry.record, entry.line, entry.key, entry.post_id, entry.state,
      prediction.label, prediction.confidence, truth.label AS truth, prediction.label = truth.label AS correct,
      prediction.text_image_similarity, prediction.unknown_share, prediction.truncated, prediction.probabilities,
      post.text, post.knowledge, post.image, post.posted_at, post.extra
    FROM run
    JOIN entry ON entry.run_id = run.id
    JOIN post ON post.id = entry.post_id
    JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    LEFT JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                          ORDER BY noted_at DESC, source LIMIT 1)
    WHERE run.id = (SELECT max(id) FROM run) AND entry.state IN ('scored', 'without_picture');
    \(scoredCounts)
    """

  /// The views over `scored`.
  static let scoredCounts = """
    CREATE VIEW confusion AS
    SELECT truth, label AS predicted, count(*) AS posts FROM scored WHERE truth IS NOT NULL GROUP BY truth, label;
    CREATE VIEW mistake AS SELECT * FROM scored WHERE correct = 0;
    """
}

extension StoreSchema {
  /// Full-text search over the posts' texts.
  ///
  /// The index holds no copy of the texts: it reads them from `post`, whose triggers keep it up to date whatever
  /// program writes. `content="post"` is spelled as Datasette and sqlite-utils expect it. It ignores case and
  /// diacritics. Building it for a million existing posts takes some twenty seconds.
  static let search = """
    CREATE VIRTUAL TABLE post_search USING fts5 (
      text, knowledge, content="post", content_rowid="id", tokenize="unicode61 remove_diacritics 2");
    CREATE TRIGGER post_search_insert AFTER INSERT ON post BEGIN
      INSERT INTO post_search (rowid, text, knowledge) VALUES (new.id, new.text, new.knowledge);
    END;
    CREATE TRIGGER post_search_delete AFTER DELETE ON post BEGIN
      INSERT INTO post_search (post_search, rowid, text, knowledge)
      VALUES ('delete', old.id, old.text, old.knowledge);
    END;
    CREATE TRIGGER post_search_update AFTER UPDATE OF id, text, knowledge ON post BEGIN
      INSERT INTO post_search (post_search, rowid, text, knowledge)
      VALUES ('delete', old.id, old.text, old.knowledge);
      INSERT INTO post_search (rowid, text, knowledge) VALUES (new.id, new.text, new.knowledge);
    END;
    \(rebuildSearch);
    """

  /// Rebuilds the index from the posts, so that it contains no word of a deleted post.
  static let rebuildSearch = "INSERT INTO post_search (post_search) VALUES ('rebuild')"
}

extension StoreSchema {
  /// Thumbnails of posts, for display; no score depends on them.
  static let thumbnails = """
    CREATE TABLE thumbnail (
      post_id INTEGER PRIMARY KEY REFERENCES post,
      width INTEGER NOT NULL,                        -- in pixels
      jpeg BLOB NOT NULL
    ) STRICT;
    """
}

extension StoreSchema {
  /// The declared types of the corpus' own columns, and their values in SQL.
  static let columnTypes = """
    CREATE TABLE column_type (
      name TEXT PRIMARY KEY,                         -- a column's name, a key of post.extra
      type TEXT NOT NULL CHECK (type IN ('integer', 'real', 'time'))
    ) STRICT, WITHOUT ROWID;
    -- typed_value: a row for each post and declared column; value is NULL where the text does not convert.
    \(typedValue(version: 3))
    \(typed([], version: 3))
    """

  /// The view `typed_value` of a version.
  package static func typedValue(version: Int) -> String {
    """
    CREATE VIEW typed_value AS
    SELECT post.id AS post_id, column_type.name, column_type.type, member.value AS text,
      CASE column_type.type
    \(ColumnType.allCases.map { type in
      "WHEN '\(type.rawValue)' THEN \(type.value(of: "member.value", named: "member.key", version: version))"
    }.joined(separator: "\n"))
    END AS value
    FROM post JOIN json_each(post.extra) AS member JOIN column_type ON column_type.name = member.key;
    """
  }

  /// Times of declared columns that SQL alone would read in another way than `clfa score` does.
  static let columnTimes = """
    CREATE TABLE post_time (
      post_id INTEGER NOT NULL REFERENCES post,
      name TEXT NOT NULL,                            -- a column of type time, a key of post.extra
      time TEXT,                                     -- in UTC in ISO 8601; NULL: the text is no time
      PRIMARY KEY (post_id, name)
    ) STRICT, WITHOUT ROWID;
    DROP VIEW typed_value;
    \(typedValue(version: timesVersion))
    """
  /// The version from which views look at `post_time`.
  static let timesVersion = 8
  /// The version from which a text such as `0-9` is no number.
  static let numbersVersion = 11

  /// The view `typed`: a row for each post, a column for each declared one; recreated whenever one is declared.
  ///
  /// A migration gives its version: the present one is their number, which is not known while they are made.
  package static func typed(_ columns: [ColumnDeclaration], version: Int = version) -> String {
    let values = columns.map { column in
      let name = quoted(column.name.text, by: "'")
      let value = column.type.value(of: "member.value", named: name, version: version)
      // Uses json_each: in a path, an escaped quote in a name would end the name.
      return """
        ,
        (SELECT \(value) FROM json_each(post.extra) AS member
          WHERE member.key = \(name) LIMIT 1) AS \(quoted(column.name.text, by: "\""))
        """
    }
    return """
      CREATE VIEW typed AS
      SELECT post.id AS post_id\(values.joined()) FROM post;
      """
  }

  /// A text in quotes, which are doubled within it: `'` for a value, `"` for a name. It works on scalars, since SQL
  /// still sees a quote with a combining accent as a quote.
  private static func quoted(_ text: String, by sign: Unicode.Scalar) -> String {
    var quoted = String.UnicodeScalarView([sign])
    for scalar in text.unicodeScalars {
      quoted.append(scalar)
      if scalar == sign { quoted.append(sign) }
    }
    quoted.append(sign)
    return String(quoted)
  }
}

extension StoreSchema {
  /// The spaces of every model's vectors; all others belong to feature streams.
  static let wholeSpaces = ["text", "image", "fused"]

  /// The feature files of a post's content; the columns that name them are among the post's extras.
  static let features = """
    CREATE TABLE feature (
      post_id INTEGER NOT NULL REFERENCES post,
      stream TEXT NOT NULL,                          -- the model's name for it; also the space of its vectors
      hash TEXT NOT NULL,                            -- SHA-256 of the file
      PRIMARY KEY (post_id, stream)
    ) STRICT, WITHOUT ROWID;
    """
}

extension StoreSchema {
  /// Columns of a run that show how far it can be trusted; NULL in runs made before they were recorded.
  static let trust = """
    ALTER TABLE run ADD COLUMN mismatches TEXT CHECK (mismatches IS NULL OR json_valid(mismatches));
      -- what the model was trained on and this corpus lacks: a JSON array of objects
    ALTER TABLE run ADD COLUMN checksum TEXT;        -- of the run's entries and predictions, recorded at its end
    """
}

extension StoreSchema {
  /// Unfinished work on the file, an index from a post to its predictions, and a view `scored` that shows no confidence
  /// if an import gave none: `SQLFragments.isAlone`, whose text is stored byte for byte.
  static let unfinished = """
    CREATE TABLE unfinished (
      task TEXT PRIMARY KEY                          -- 'compact': posts were forgotten, the file is to be written anew
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX prediction_post ON prediction (post_id);
    DROP VIEW scored;
    -- scored: the latest run's entries joined with posts, predictions and truth. Of imported labels alone nobody knows
    -- a confidence: the 1 that is stored for it is not shown.
    \(scoredView)
    """

  /// The task of `unfinished` that remains from a removal until the file is rewritten.
  static let compactTask = "compact"

  /// The view `scored`.
  static let scoredView = """
    CREATE VIEW scored AS
    SELECT run.name AS run, entry.file, entry.record, entry.line, entry.key, entry.post_id, entry.state,
      prediction.label,
      CASE WHEN NOT \(SQLFragments.isAlone("prediction"))
        THEN prediction.confidence END AS confidence,
      truth.label AS truth, prediction.label = truth.label AS correct,
      prediction.text_image_similarity, prediction.unknown_share, prediction.truncated,
      CASE WHEN NOT \(SQLFragments.isAlone("prediction"))
        THEN prediction.probabilities END AS probabilities,
      post.text, post.knowledge, post.image, post.posted_at, post.extra
    FROM run
    JOIN entry ON entry.run_id = run.id
    JOIN post ON post.id = entry.post_id
    JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    LEFT JOIN label AS truth ON truth.post_id = entry.post_id
      AND truth.source = (SELECT source FROM label WHERE label.post_id = entry.post_id
                          ORDER BY noted_at DESC, source LIMIT 1)
    WHERE run.id = (SELECT max(id) FROM run) AND entry.state IN ('scored', 'without_picture');
    """
}

extension StoreSchema {
  /// Which posts repeat one another, and one of each group in the latest run: `SQLFragments.distinctPosts`, whose text is
  /// stored byte for byte. Posts recorded before have NULL until they are scored or merged again.
  static let reposts = """
    ALTER TABLE post ADD COLUMN repost_group TEXT;
    ALTER TABLE post ADD COLUMN is_repost INTEGER;
    CREATE VIEW distinct_post AS
    \(SQLFragments.distinctPosts(ofRun: "(SELECT max(id) FROM run)"));
    """
}
