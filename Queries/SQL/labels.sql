-- labels: How many posts of a run have each predicted label, with shares and mean confidence.
-- @run run = latest  the run
-- A run of labels alone has no confidence, because the other system gave none.
WITH counted AS (
  SELECT prediction.label, count(*) AS posts, avg({{confidence prediction}}) AS mean_confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run AND {{is_counted entry :run}}
  GROUP BY prediction.label
)
-- A label without posts has a row, too.
SELECT
  name.value AS label,
  coalesce(counted.posts, 0) AS posts,
  coalesce(counted.posts, 0) * 1.0 / nullif((SELECT sum(posts) FROM counted), 0) AS share,
  counted.mean_confidence
FROM run
JOIN scorer ON scorer.id = run.scorer_id
JOIN json_each(scorer.labels) AS name
LEFT JOIN counted ON counted.label = name.value
WHERE run.name = :run
ORDER BY posts DESC, name.key
