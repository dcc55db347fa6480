extension StoreSchema {
  /// The first version's tables and indexes.
  ///
  /// People's SQL relies on every name here. Hashes are lower-case hexadecimal, times are UTC in
  /// ISO 8601 (`2026-01-31T12:00:00Z`). The comments stay in the file, for whoever asks SQLite.
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

  /// The first version's views; they use built-in functions only, so that every SQLite can read them.
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
    CREATE VIEW confusion AS
    SELECT truth, label AS predicted, count(*) AS posts FROM scored WHERE truth IS NOT NULL GROUP BY truth, label;
    CREATE VIEW mistake AS SELECT * FROM scored WHERE correct = 0;
    """
}
