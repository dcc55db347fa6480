-- most-certain-mistakes: Posts whose predicted label is wrong, those with the highest confidence first.
-- @run run = latest    the run
-- @limit integer = 20  how many posts; -1 lists all
-- @needs confidence
-- A post without a confidence is left out; confused-pairs lists the mistakes of runs without confidences.
-- A post's true label is the latest one; of labels with the same time, that of the first source.
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
    truth.label AS truth,
    prediction.confidence AS confidence
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  CROSS JOIN label AS truth ON truth.post_id = prediction.post_id
  WHERE run.name = :run
    AND NOT (SELECT is_small FROM size)
    AND EXISTS (SELECT 1 FROM label)
    AND {{is_counted entry :run}}
    AND truth.label <> prediction.label
    AND {{confidence prediction}} IS NOT NULL
    AND {{is_true_label truth}}
  UNION ALL
  SELECT
    entry.key,
    prediction.post_id AS post_id,
    prediction.label,
    truth.label AS truth,
    prediction.confidence AS confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  CROSS JOIN label AS truth ON truth.post_id = prediction.post_id
  WHERE run.name = :run
    AND (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND truth.label <> prediction.label
    AND {{confidence prediction}} IS NOT NULL
    AND {{is_true_label truth}}
  ORDER BY confidence DESC, post_id DESC
  LIMIT :limit
)
-- Texts are read only for the listed posts, in their order.
SELECT
  chosen.key,
  chosen.label,
  chosen.truth,
  chosen.confidence,
  post.text,
  post.image
FROM chosen
CROSS JOIN post ON post.id = chosen.post_id
