-- confusion: How often each true label was predicted as each label, with the share of the true label.
-- @run run = latest  the run
-- A post's true label is the latest one; of labels with the same time, that of the first source.
WITH pair AS (
  SELECT truth.label AS truth, prediction.label AS predicted, count(*) AS posts
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN label AS truth ON truth.post_id = entry.post_id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND EXISTS (SELECT 1 FROM label)
    AND {{is_counted entry :run}}
    AND {{is_true_label truth}}
  GROUP BY truth.label, prediction.label
)
SELECT
  truth,
  predicted,
  posts,
  posts * 1.0 / sum(posts) OVER (PARTITION BY truth) AS share
FROM pair
ORDER BY truth, predicted
