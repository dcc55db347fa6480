-- coverage: The states of all rows of a run's files, with and without a picture.
-- @run run = latest  the run
-- Rows that were read but have no entry belong to other shards or are outside the sample. Any other missing row
-- would be "unaccounted"; a correct run has none.
WITH listed AS (
  SELECT
    entry.file,
    entry.state,
    CASE entry.state
      WHEN 'scored' THEN 'read'
      WHEN 'faulted' THEN (
        SELECT CASE fault.stage WHEN 'image' THEN fault.code END FROM fault
        WHERE fault.run_id = entry.run_id AND fault.file = entry.file AND fault.line = entry.line
        LIMIT 1
      )
      WHEN 'forgotten' THEN NULL
      ELSE (
        SELECT CASE
          WHEN post.image IS NULL THEN 'none named'
          WHEN post.picture_hash IS NULL THEN 'not readable'
          ELSE 'read'
        END
        FROM post WHERE post.id = entry.post_id
      )
    END AS picture,
    count(*) AS rows
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  WHERE run.name = :run
  GROUP BY 1, 2, 3
),
counts AS (
  SELECT
    file.key AS file,
    coalesce(file.value ->> '$.read', 0) AS read,
    coalesce(file.value ->> '$.other_shards', 0) AS other_shards,
    coalesce(file.value ->> '$.not_sampled', 0) AS not_sampled
  FROM run
  JOIN json_each(run.counts, '$.files') AS file
  WHERE run.name = :run
),
outcome AS (
  SELECT file, state, picture, rows FROM listed
  UNION ALL
  SELECT file, 'other shard', NULL, other_shards FROM counts WHERE other_shards <> 0
  UNION ALL
  SELECT file, 'not sampled', NULL, not_sampled FROM counts WHERE not_sampled <> 0
  UNION ALL
  SELECT file, 'unaccounted', NULL, read - other_shards - not_sampled - entries
  FROM (
    SELECT counts.*, coalesce((SELECT sum(rows) FROM listed WHERE listed.file = counts.file), 0) AS entries
    FROM counts
  )
  WHERE read - other_shards - not_sampled - entries <> 0
)
SELECT file, state, picture, rows, rows * 1.0 / sum(rows) OVER (PARTITION BY file) AS share
FROM outcome
ORDER BY file, rows DESC, state, picture
