-- confused-pairs: Which labels were confused, with the most confident mistakes of each pair as examples.
-- @run run = latest       the run
-- @examples integer = 3   how many posts of each pair
-- A post's true label is the latest one; of labels with the same time, that of the first source.
WITH judged AS MATERIALIZED (
  SELECT
    entry.key,
    entry.post_id AS post_id,
    truth.label AS truth,
    prediction.label AS predicted,
    {{confidence prediction}} AS confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN label AS truth ON truth.post_id = entry.post_id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND EXISTS (SELECT 1 FROM label)
    AND {{is_counted entry :run}}
    AND {{is_true_label truth}}
),
counted AS MATERIALIZED (SELECT truth, count(*) AS posts FROM judged GROUP BY truth),
ranked AS (
  SELECT
    *,
    count(*) OVER (pair ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS posts,
    row_number() OVER pair AS place
  FROM judged
  WHERE truth <> predicted
  WINDOW pair AS (PARTITION BY truth, predicted ORDER BY confidence DESC, post_id)
)
SELECT
  ranked.truth,
  ranked.predicted,
  ranked.posts,
  counted.posts AS of_truth,
  ranked.posts * 1.0 / counted.posts AS share,
  ranked.key,
  ranked.confidence,
  post.text,
  post.image
FROM ranked
JOIN counted ON counted.truth = ranked.truth
JOIN post ON post.id = ranked.post_id
WHERE ranked.place <= :examples
ORDER BY ranked.posts DESC, ranked.truth, ranked.predicted, ranked.place
