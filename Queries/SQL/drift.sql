-- drift: How much two runs differ overall: label shares, confidence, text and picture, unknown pieces, lengths.
-- @run run = latest  the run
-- @against run       the run to compare with
-- The numbers are shares for labels and states, and means otherwise. "distance" is the total variation distance between
-- the distributions of the two runs, from 0 to 1: the share of posts that would have to change to make them equal. It is
-- computed over labels, or over ten ranges of a number; lengths are grouped by powers of two. A measure that one run
-- lacks, such as the confidence of a run with labels alone, has no distance.
WITH side AS MATERIALIZED (
  SELECT
    1 AS is_run,
    tally(
      prediction.label,
      min(9, CAST({{confidence prediction}} * 10 AS INTEGER)),
      min(9, CAST((prediction.text_image_similarity + 1) * 5 AS INTEGER)),
      CASE WHEN {{is_read scorer}} THEN min(9, CAST(prediction.unknown_share * 10 AS INTEGER)) END,
      CAST(log2(1 + length(post.text)) AS INTEGER),
      entry.state,
      CASE
        WHEN NOT {{is_read scorer}} THEN NULL
        WHEN prediction.truncated > 0 THEN 'text cut'
        ELSE 'whole text'
      END
    ) AS cells,
    avg({{confidence prediction}}) AS confidence,
    avg(prediction.text_image_similarity) AS similarity,
    avg(CASE WHEN {{is_read scorer}} THEN prediction.unknown_share END) AS unknown,
    avg(length(post.text)) AS length
  FROM run
  CROSS JOIN scorer ON scorer.id = run.scorer_id
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN post ON post.id = entry.post_id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run AND {{is_counted entry :run}}
  UNION ALL
  SELECT
    0 AS is_run,
    tally(
      prediction.label,
      min(9, CAST({{confidence prediction}} * 10 AS INTEGER)),
      min(9, CAST((prediction.text_image_similarity + 1) * 5 AS INTEGER)),
      CASE WHEN {{is_read scorer}} THEN min(9, CAST(prediction.unknown_share * 10 AS INTEGER)) END,
      CAST(log2(1 + length(post.text)) AS INTEGER),
      entry.state,
      CASE
        WHEN NOT {{is_read scorer}} THEN NULL
        WHEN prediction.truncated > 0 THEN 'text cut'
        ELSE 'whole text'
      END
    ) AS cells,
    avg({{confidence prediction}}) AS confidence,
    avg(prediction.text_image_similarity) AS similarity,
    avg(CASE WHEN {{is_read scorer}} THEN prediction.unknown_share END) AS unknown,
    avg(length(post.text)) AS length
  FROM run
  CROSS JOIN scorer ON scorer.id = run.scorer_id
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN post ON post.id = entry.post_id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :against AND {{is_counted entry :against}}
),
cell AS MATERIALIZED (
  SELECT
    side.is_run,
    member.value ->> 0 AS label,
    member.value ->> 1 AS confidence,
    member.value ->> 2 AS similarity,
    member.value ->> 3 AS unknown,
    member.value ->> 4 AS length,
    member.value ->> 5 AS state,
    member.value ->> 6 AS truncated,
    member.value ->> 7 AS posts
  FROM side
  CROSS JOIN json_each(side.cells) AS member
),
-- A row for each measure, place in its distribution, and run.
spread (rank, measure, place, is_run, posts) AS (
  SELECT 1, 'label', label, is_run, sum(posts) FROM cell GROUP BY label, is_run
  UNION ALL
  SELECT 2, 'confidence', confidence, is_run, sum(posts) FROM cell
  WHERE confidence IS NOT NULL GROUP BY confidence, is_run
  UNION ALL
  SELECT 3, 'text_image_similarity', similarity, is_run, sum(posts) FROM cell
  WHERE similarity IS NOT NULL GROUP BY similarity, is_run
  UNION ALL
  SELECT 4, 'unknown_share', unknown, is_run, sum(posts) FROM cell
  WHERE unknown IS NOT NULL GROUP BY unknown, is_run
  UNION ALL
  SELECT 5, 'text_length', length, is_run, sum(posts) FROM cell GROUP BY length, is_run
  UNION ALL
  SELECT 6, 'state', state, is_run, sum(posts) FROM cell GROUP BY state, is_run
  UNION ALL
  SELECT 7, 'truncated', truncated, is_run, sum(posts) FROM cell
  WHERE truncated IS NOT NULL GROUP BY truncated, is_run
),
counted AS MATERIALIZED (
  SELECT rank, measure, place,
    sum(posts) FILTER (WHERE is_run) AS posts, sum(posts) FILTER (WHERE NOT is_run) AS posts_against
  FROM spread
  GROUP BY rank, place
),
mean (rank, is_run, number) AS (
  SELECT 2, is_run, confidence FROM side
  UNION ALL
  SELECT 3, is_run, similarity FROM side
  UNION ALL
  SELECT 4, is_run, unknown FROM side
  UNION ALL
  SELECT 5, is_run, length FROM side
),
counted_all AS MATERIALIZED (
  SELECT rank, measure, sum(posts) AS posts, sum(posts_against) AS posts_against,
    (SELECT number FROM mean WHERE mean.rank = counted.rank AND is_run) AS mean,
    (SELECT number FROM mean WHERE mean.rank = counted.rank AND NOT is_run) AS mean_against
  FROM counted
  GROUP BY rank
),
answer AS (
  SELECT rank, 0 AS part, measure, NULL AS value, posts, posts_against, mean AS number, mean_against AS number_against,
    (
      SELECT sum(abs(coalesce(counted.posts, 0) * 1.0 / counted_all.posts
        - coalesce(counted.posts_against, 0) * 1.0 / counted_all.posts_against)) / 2
      FROM counted WHERE counted.rank = counted_all.rank
    ) AS distance
  FROM counted_all
  UNION ALL
  SELECT counted.rank, 1, counted.measure, counted.place, counted_all.posts, counted_all.posts_against,
    coalesce(counted.posts, 0) * 1.0 / counted_all.posts,
    coalesce(counted.posts_against, 0) * 1.0 / counted_all.posts_against, NULL
  FROM counted
  JOIN counted_all ON counted_all.rank = counted.rank
  WHERE counted.measure IN ('label', 'state', 'truncated')
)
SELECT measure, value, posts, posts_against, number, number_against, number - number_against AS difference, distance
FROM answer
WHERE EXISTS (SELECT 1 FROM cell WHERE is_run) AND EXISTS (SELECT 1 FROM cell WHERE NOT is_run)
ORDER BY rank, part, value
