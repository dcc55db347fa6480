extension StoreSchema {
  /// Small pictures of posts, for people and pages; no score depends on them.
  static let thumbnails = """
    CREATE TABLE thumbnail (
      post_id INTEGER PRIMARY KEY REFERENCES post,
      width INTEGER NOT NULL,                        -- in pixels
      jpeg BLOB NOT NULL
    ) STRICT;
    """
}
