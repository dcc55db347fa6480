-- fault-counts: How many rows of a run have each kind of fault, with the first one as an example.
-- @run run = latest  the run
WITH counted AS (
  SELECT stage, code, count(*) AS rows, min(fault.id) AS first
  FROM run
  CROSS JOIN fault ON fault.run_id = run.id
  WHERE run.name = :run
  GROUP BY stage, code
)
SELECT counted.stage, counted.code, counted.rows, fault.file, fault.line, fault.key, fault.detail
FROM counted
JOIN fault ON fault.id = counted.first
ORDER BY counted.rows DESC, counted.stage, counted.code
