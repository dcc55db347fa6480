-- several-pictures: Posts that have a row for each of their pictures (ID, ID#2, ID#3), joined again, those with different labels first.
-- @run run = latest       the run, scored with a row for each picture
-- @limit integer = 20     how many posts; -1 lists all
-- The surest label is that of the row with the highest confidence. Rows of a post are next to each other and on one line of the corpus; at most 100 of a post are joined.
WITH whole AS MATERIALIZED (
  SELECT run.id AS run_id, run.scorer_id, first.file, first.line, first.record, first.key
  FROM run
  CROSS JOIN entry AS second ON second.run_id = run.id
  CROSS JOIN entry AS first
    ON first.run_id = run.id AND first.file = second.file AND first.record = second.record - 1
  WHERE run.name = :run AND first.line = second.line AND second.key = first.key || '#2'
)
SELECT
  whole.key,
  count(*) AS pictures,
  count(prediction.label) AS scored,
  count(DISTINCT prediction.label) AS different_labels,
  prediction.label AS surest_label,
  max(prediction.confidence) AS confidence,
  group_concat(coalesce(prediction.label, part.state), ' ') AS labels,
  group_concat(post.image, ' ') AS images
FROM whole
CROSS JOIN entry AS part
  ON part.run_id = whole.run_id AND part.file = whole.file
    AND part.record BETWEEN whole.record AND whole.record + 99
LEFT JOIN post ON post.id = part.post_id
LEFT JOIN prediction ON prediction.scorer_id = whole.scorer_id AND prediction.post_id = part.post_id
WHERE part.line = whole.line
  AND (part.record = whole.record OR part.key = whole.key || '#' || (part.record - whole.record + 1))
GROUP BY whole.file, whole.record
ORDER BY different_labels DESC, whole.file, whole.record
LIMIT :limit
