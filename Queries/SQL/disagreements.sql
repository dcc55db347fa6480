-- disagreements: Posts that two runs label differently, those that both are surest of first.
-- @run run = latest    the run to look at
-- @against run         the run to compare it with
-- @limit integer = 20  how many posts; -1 lists all
-- Only posts with the same content in both runs are compared.
WITH differing AS (
  SELECT
    entry.key,
    entry.post_id,
    mine.label,
    mine.confidence,
    other.label AS label_against,
    other.confidence AS confidence_against
  FROM run
  CROSS JOIN run AS base
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction AS mine
    ON mine.scorer_id = run.scorer_id AND mine.post_id = entry.post_id
  CROSS JOIN prediction AS other
    ON other.scorer_id = base.scorer_id AND other.post_id = entry.post_id
  CROSS JOIN entry AS base_entry INDEXED BY entry_post
    ON base_entry.post_id = entry.post_id AND base_entry.run_id = base.id
  WHERE run.name = :run
    AND base.name = :against
    AND run.scorer_id <> base.scorer_id
    AND entry.state IN ('scored', 'without_picture')
    AND other.label <> mine.label
    AND base_entry.state IN ('scored', 'without_picture')
  ORDER BY min(mine.confidence, other.confidence) DESC, entry.post_id
  LIMIT :limit
)
-- The texts are fetched only for the posts that are listed.
SELECT
  differing.key,
  differing.label,
  differing.confidence,
  differing.label_against,
  differing.confidence_against,
  (
    SELECT truth.label FROM label AS truth WHERE truth.post_id = differing.post_id
    ORDER BY truth.noted_at DESC, truth.source LIMIT 1
  ) AS truth,
  post.text,
  post.image
FROM differing
CROSS JOIN post ON post.id = differing.post_id
ORDER BY min(differing.confidence, differing.confidence_against) DESC, differing.post_id
