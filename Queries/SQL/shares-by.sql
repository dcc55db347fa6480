-- shares-by: How many posts have each predicted label for each value of a column, with its share of that value's posts.
-- @column column        a column of the corpus, or file, state, truncated, day, week, month or truth
-- @ranges integer = null  for a column with a type: this many ranges with about equal numbers of posts, instead of values
-- @limit integer = 20   how many values, the most common first; -1 lists all
-- @run run = latest     the run
-- A column with a type (score --column NAME:TYPE) is listed in its order, any other by the number of posts. Posts
-- without a value, or with one that cannot be converted, are listed under NULL.
WITH asked AS MATERIALIZED (
  SELECT (SELECT type FROM column_type WHERE name = :column) AS type,
    CASE WHEN :column NOT GLOB '*[' || char(1) || '-' || char(31) || '"\]*' THEN '$."' || :column || '"' END AS path
),
single AS (
  SELECT member.value ->> 0 AS value, member.value ->> 1 AS label, member.value ->> 2 AS posts
  FROM json_each((
    SELECT tally(
      CASE
        WHEN asked.type IS NOT NULL THEN (
          SELECT typed_value.value FROM typed_value
          WHERE typed_value.post_id = entry.post_id AND typed_value.name = :column
        )
        ELSE coalesce(
          CASE
            WHEN asked.path IS NOT NULL THEN post.extra ->> asked.path
            ELSE (SELECT member.value FROM json_each(post.extra) AS member WHERE member.key = :column)
          END,
          CASE :column
            WHEN 'file' THEN entry.file
            WHEN 'state' THEN entry.state
            WHEN 'truncated' THEN CASE
              WHEN NOT {{is_read scorer}} THEN NULL
              WHEN prediction.truncated > 0 THEN 'text cut'
              ELSE 'whole text'
            END
            WHEN 'day' THEN substr(post.posted_at, 1, 10)
            WHEN 'week' THEN week(post.posted_at)
            WHEN 'month' THEN substr(post.posted_at, 1, 7)
            WHEN 'truth' THEN {{true_label entry.post_id}}
          END
        )
      END,
      prediction.label
    )
    FROM run
    CROSS JOIN scorer ON scorer.id = run.scorer_id
    CROSS JOIN asked
    CROSS JOIN entry ON entry.run_id = run.id
    CROSS JOIN post ON post.id = entry.post_id
    CROSS JOIN prediction
      ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
    WHERE run.name = :run AND {{is_counted entry :run}}
  )) AS member
),
-- A range ends before a value if the posts so far fill it; equal values stay together.
placed AS MATERIALIZED (
  SELECT
    value,
    label,
    posts,
    CASE
      WHEN :ranges IS NULL THEN NULL
      WHEN (SELECT type FROM asked) IS NULL
        THEN refuse('ranges need a column with a type; declare it with score --column NAME:TYPE')
      WHEN :ranges < 1 THEN refuse('ranges takes a number from 1')
      WHEN value IS NULL THEN NULL
      ELSE (sum(posts) OVER below) * :ranges / (sum(posts) OVER (PARTITION BY value IS NULL))
    END AS place
  FROM single
  WINDOW below AS (
    PARTITION BY value IS NULL ORDER BY value
    GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
  )
),
counted AS MATERIALIZED (
  SELECT
    CASE WHEN :ranges IS NULL THEN value WHEN value IS NOT NULL THEN coalesce(place, 0) END AS place,
    label, sum(posts) AS posts, min(value) AS first, max(value) AS last
  FROM placed
  GROUP BY 1, 2
),
counted_all AS MATERIALIZED (
  SELECT place, sum(posts) AS posts, min(first) AS first, max(last) AS last
  FROM counted
  GROUP BY place
  ORDER BY posts DESC, place
  LIMIT :limit
)
SELECT
  CASE
    WHEN :ranges IS NULL OR counted_all.place IS NULL OR counted_all.first = counted_all.last THEN counted_all.first
    ELSE counted_all.first || ' to ' || counted_all.last
  END AS value,
  name.value AS label,
  coalesce(counted.posts, 0) AS posts,
  counted_all.posts AS of_posts,
  coalesce(counted.posts, 0) * 1.0 / counted_all.posts AS share
FROM counted_all
CROSS JOIN run
JOIN scorer ON scorer.id = run.scorer_id
JOIN json_each(scorer.labels) AS name
LEFT JOIN counted ON counted.place IS counted_all.place AND counted.label = name.value
WHERE run.name = :run
ORDER BY
  counted_all.place IS NULL,
  CASE WHEN (SELECT type FROM asked) IS NULL THEN -counted_all.posts END,
  counted_all.place,
  name.key
