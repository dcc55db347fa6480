-- fault-stages: How many rows of a run have faults at each stage, with their share of all rows and the most common cause.
-- @run run = latest  the run
WITH counted AS (
  SELECT fault.stage, fault.code, count(*) AS rows
  FROM run
  CROSS JOIN fault ON fault.run_id = run.id
  WHERE run.name = :run
  GROUP BY fault.stage, fault.code
),
size AS MATERIALIZED (
  SELECT count(*) AS rows FROM run CROSS JOIN entry ON entry.run_id = run.id WHERE run.name = :run
)
SELECT
  stage,
  sum(rows) AS rows,
  of_rows,
  sum(rows) * 1.0 / of_rows AS share,
  max(CASE WHEN place = 1 THEN code END) AS commonest_code,
  max(CASE WHEN place = 1 THEN rows END) AS of_that_code
FROM (
  SELECT counted.stage, counted.code, counted.rows, size.rows AS of_rows,
    row_number() OVER (PARTITION BY counted.stage ORDER BY counted.rows DESC, counted.code) AS place
  FROM counted
  CROSS JOIN size
)
GROUP BY stage
ORDER BY 2 DESC, stage
