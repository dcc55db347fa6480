internal import Queries

extension StoreSchema {
  /// What is still to be done to the file, a way from a post to its predictions, and a view `scored` that shows no
  /// confidence where an import gave none: `QueryParts.isAlone`, whose text a store keeps to the byte.
  static let unfinished = """
    CREATE TABLE unfinished (
      task TEXT PRIMARY KEY                          -- 'compact': posts were forgotten, the file is to be written anew
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX prediction_post ON prediction (post_id);
    DROP VIEW scored;
    -- scored: the latest run's entries joined with posts, predictions and truth. Of imported labels alone nobody knows
    -- a confidence: the 1 that is stored for it is not shown.
    CREATE VIEW scored AS
    SELECT run.name AS run, entry.file, entry.record, entry.line, entry.key, entry.post_id, entry.state,
      prediction.label,
      CASE WHEN NOT \(QueryParts.isAlone("prediction"))
        THEN prediction.confidence END AS confidence,
      truth.label AS truth, prediction.label = truth.label AS correct,
      prediction.text_image_similarity, prediction.unknown_share, prediction.truncated,
      CASE WHEN NOT \(QueryParts.isAlone("prediction"))
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

  /// The task of `unfinished` that a removal leaves until the file is written anew.
  static let compactTask = "compact"
}
