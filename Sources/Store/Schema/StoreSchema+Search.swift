extension StoreSchema {
  /// Full-text search over the posts' words.
  ///
  /// The index holds no copy of the texts: it reads them from `post`, whose triggers keep it up to date whoever
  /// writes. `content="post"` is spelled as Datasette and sqlite-utils look for it. Case and diacritics count for nothing in it. Filling it from the posts that are there takes some twenty
  /// seconds for a million.
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

  /// Makes the index anew from the posts, so that it holds no word of a post that is gone.
  static let rebuildSearch = "INSERT INTO post_search (post_search) VALUES ('rebuild')"
}
