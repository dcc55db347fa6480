-- least-certain: Posts the model is least sure of, the least sure first.
-- @run run = latest    the run to look at
-- @limit integer = 20  how many posts; -1 lists all
-- The predictions are walked in the index's order of confidence, so nothing is sorted.
SELECT
  entry.key,
  prediction.label,
  prediction.confidence,
  (
    SELECT truth.label FROM label AS truth WHERE truth.post_id = entry.post_id
    ORDER BY truth.noted_at DESC, truth.source LIMIT 1
  ) AS truth,
  post.text,
  post.image
FROM run
CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
CROSS JOIN post ON post.id = prediction.post_id
WHERE run.name = :run AND entry.state IN ('scored', 'without_picture')
ORDER BY prediction.confidence, prediction.post_id
LIMIT :limit
