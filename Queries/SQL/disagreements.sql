-- disagreements: Posts with different labels in two runs, the most confident first.
-- @run run = latest    the run
-- @against run         the run to compare with
-- @limit integer = 20  how many posts; -1 lists all
-- @pair pair = content   content: posts with the same key and content; key: also posts with the same key only, if each run has one
-- Pairs with the same key whose true labels differ are left out, since neither label applies to both runs.
-- A pair with the same key whose text, knowledge or picture differ has other_content = 1.
WITH {{pairs}},
differing AS (
  SELECT
    pair.post_id,
    pair.other_id,
    mine.label,
    {{confidence mine}} AS confidence,
    other.label AS label_against,
    {{confidence other}} AS confidence_against,
    min(mine.confidence, other.confidence) AS certainty
  FROM pair
  CROSS JOIN run ON run.name = :run
  CROSS JOIN run AS base ON base.name = :against
  CROSS JOIN prediction AS mine
    ON mine.scorer_id = run.scorer_id AND mine.post_id = pair.post_id
  CROSS JOIN prediction AS other
    ON other.scorer_id = base.scorer_id AND other.post_id = pair.other_id
  WHERE (run.scorer_id <> base.scorer_id OR pair.other_id <> pair.post_id)
    AND other.label <> mine.label
  ORDER BY certainty DESC, pair.post_id
  LIMIT :limit
)
-- Texts are read only for the listed posts.
SELECT
  post.key,
  differing.label,
  differing.confidence,
  differing.label_against,
  differing.confidence_against,
  {{true_label differing.post_id}} AS truth,
  differing.other_id <> differing.post_id AS other_content,
  post.text,
  post.image
FROM differing
CROSS JOIN post ON post.id = differing.post_id
ORDER BY differing.certainty DESC, differing.post_id
