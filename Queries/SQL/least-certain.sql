-- least-certain: Posts with the lowest confidence, the lowest first.
-- @run run = latest    the run
-- @limit integer = 20  how many posts; -1 lists all
-- @needs confidence
-- A post without a confidence is left out.
-- A small run is read entry by entry, because its scorer may know a million other posts. In a larger run the
-- predictions are read by the index on confidence up to the limit, so nothing is sorted.
WITH size AS (
  SELECT count(*) < 20000 AS is_small
  FROM (SELECT 1 FROM run CROSS JOIN entry ON entry.run_id = run.id WHERE run.name = :run LIMIT 20000)
),
chosen AS (
  SELECT
    entry.key,
    prediction.post_id AS post_id,
    prediction.label,
    prediction.confidence AS confidence
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  WHERE run.name = :run
    AND NOT (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND {{confidence prediction}} IS NOT NULL
  UNION ALL
  SELECT
    entry.key,
    prediction.post_id AS post_id,
    prediction.label,
    prediction.confidence AS confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND {{confidence prediction}} IS NOT NULL
  ORDER BY confidence, post_id
  LIMIT :limit
)
-- Texts are read only for the listed posts, in their order.
SELECT
  chosen.key,
  chosen.label,
  chosen.confidence,
  {{true_label chosen.post_id}} AS truth,
  post.text,
  post.image
FROM chosen
CROSS JOIN post ON post.id = chosen.post_id
