extension StoreSchema {
  /// Samples of posts that were drawn to be labelled, and notes on labels.
  static let samples = """
    CREATE TABLE sample (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      run_id INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
      design TEXT NOT NULL CHECK (design IN ('random', 'stratified', 'uncertain', 'label-issues')),
      settings TEXT NOT NULL CHECK (json_valid(settings)),   -- canonical JSON object: seed, size, strata, …
      drawn_at TEXT NOT NULL
    ) STRICT;
    CREATE TABLE sample_post (
      sample_id INTEGER NOT NULL REFERENCES sample ON DELETE CASCADE,
      position INTEGER NOT NULL,                     -- from 1: the order in which posts are labelled
      post_id INTEGER NOT NULL REFERENCES post,
      stratum INTEGER NOT NULL,                      -- from 0: its place in settings.strata
      inclusion REAL CHECK (inclusion > 0 AND inclusion <= 1),
        -- the probability of being drawn; NULL if the design has none
      PRIMARY KEY (sample_id, position),
      UNIQUE (sample_id, post_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX sample_post_post ON sample_post (post_id);
    CREATE TABLE label_note (
      post_id INTEGER NOT NULL REFERENCES post,
      source TEXT NOT NULL,                          -- as in label
      note TEXT NOT NULL,
      PRIMARY KEY (post_id, source)
    ) STRICT, WITHOUT ROWID;
    """
}
