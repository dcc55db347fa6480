extension StoreSchema {
  /// The spaces of every model's vectors; all others are of streams of features.
  static let wholeSpaces = ["text", "image", "fused"]

  /// Which files of features a post's content has; the columns that name them are among the post's extras.
  static let features = """
    CREATE TABLE feature (
      post_id INTEGER NOT NULL REFERENCES post,
      stream TEXT NOT NULL,                          -- the model's name for it; also the space of its vectors
      hash TEXT NOT NULL,                            -- SHA-256 of the file
      PRIMARY KEY (post_id, stream)
    ) STRICT, WITHOUT ROWID;
    """
}
