-- share-over-time: How many posts have each predicted label in each day, week or month, with its share of the period's posts.
-- @period text = day  day, week or month
-- @run run = latest   the run
-- A period without posts has rows, too, with 0 posts and no share. Posts without a date come last, without a period.
-- Without any date there are no rows: name the column of dates with --date in clfa score.
WITH RECURSIVE daily AS (
  SELECT member.value ->> 0 AS day, member.value ->> 1 AS label, member.value ->> 2 AS posts
  FROM json_each((
    SELECT tally(substr(post.posted_at, 1, 10), prediction.label)
    FROM run
    CROSS JOIN entry ON entry.run_id = run.id
    CROSS JOIN post ON post.id = entry.post_id
    CROSS JOIN prediction
      ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    WHERE run.name = :run AND {{is_counted entry :run}}
  )) AS member
),
counted AS MATERIALIZED (
  SELECT
    CASE
      WHEN :period NOT IN ('day', 'week', 'month') THEN refuse('period takes day, week or month')
      WHEN day(day) IS NULL THEN NULL
      WHEN :period = 'day' THEN day
      WHEN :period = 'week' THEN date(day, '-6 days', 'weekday 1')
      ELSE substr(day, 1, 8) || '01'
    END AS start,
    label,
    sum(posts) AS posts
  FROM daily
  GROUP BY 1, 2
),
counted_all AS MATERIALIZED (SELECT start, sum(posts) AS posts FROM counted GROUP BY start),
period (start) AS (
  SELECT min(start) FROM counted_all WHERE start IS NOT NULL HAVING min(start) IS NOT NULL
  UNION ALL
  SELECT date(start, CASE :period WHEN 'week' THEN '+7 days' WHEN 'month' THEN '+1 month' ELSE '+1 day' END)
  FROM period
  WHERE start < (SELECT max(start) FROM counted_all)
),
named AS MATERIALIZED (
  SELECT name.value AS label, name.key AS place
  FROM run
  JOIN scorer ON scorer.id = run.scorer_id
  JOIN json_each(scorer.labels) AS name
  WHERE run.name = :run
)
SELECT
  CASE :period
    WHEN 'week' THEN week(listed.start)
    WHEN 'month' THEN substr(listed.start, 1, 7)
    ELSE listed.start
  END AS period,
  named.label,
  coalesce(counted.posts, 0) AS posts,
  coalesce(counted_all.posts, 0) AS of_posts,
  coalesce(counted.posts, 0) * 1.0 / counted_all.posts AS share
FROM (SELECT start FROM period UNION ALL SELECT start FROM counted_all WHERE start IS NULL AND EXISTS (SELECT 1 FROM period)) AS listed
CROSS JOIN named
LEFT JOIN counted ON counted.start IS listed.start AND counted.label = named.label
LEFT JOIN counted_all ON counted_all.start IS listed.start
ORDER BY listed.start IS NULL, listed.start, named.place
