-- post: Everything that a run has about one post.
-- @key text          the post's key
-- @run run = latest  the run
SELECT
  entry.file,
  entry.line,
  entry.state,
  prediction.label,
  {{confidence prediction}} AS confidence,
  {{true_label post.id}} AS truth,
  prediction.text_image_similarity,
  CASE WHEN {{is_read scorer}} THEN prediction.unknown_share END AS unknown_share,
  CASE WHEN {{is_read scorer}} THEN prediction.truncated END AS truncated,
  {{probabilities prediction scorer}} AS probabilities,
  post.text,
  post.knowledge,
  post.image,
  post.posted_at,
  post.extra
FROM run
CROSS JOIN scorer ON scorer.id = run.scorer_id
CROSS JOIN post ON post.key = :key
CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = post.id AND entry.run_id = run.id
LEFT JOIN prediction
  ON prediction.scorer_id = run.scorer_id AND prediction.post_id = post.id
WHERE run.name = :run
ORDER BY entry.file, entry.record
