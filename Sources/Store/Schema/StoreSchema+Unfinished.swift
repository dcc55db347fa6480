extension StoreSchema {
  /// What is still to be done to the file, and a way from a post to its predictions.
  static let unfinished = """
    CREATE TABLE unfinished (
      task TEXT PRIMARY KEY                          -- 'compact': posts were forgotten, the file is to be written anew
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX prediction_post ON prediction (post_id);
    """

  /// The task of `unfinished` that a removal leaves until the file is written anew.
  static let compactTask = "compact"
}
