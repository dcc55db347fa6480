-- faults: The rows of a run that could not be scored, each with its line and cause.
-- @run run = latest       the run
-- @stage text = null      only faults of this stage: corpus, image, features or model
-- @code text = null       only faults of this code, such as missing
-- @limit integer = -1     how many rows; -1 lists all
SELECT fault.file, fault.line, fault.key, fault.stage, fault.code, fault.path, fault.detail
FROM run
CROSS JOIN fault ON fault.run_id = run.id
WHERE run.name = :run
  AND (:stage IS NULL OR fault.stage = :stage)
  AND (:code IS NULL OR fault.code = :code)
ORDER BY fault.file, fault.line, fault.id
LIMIT :limit
