-- unaligned: Posts whose text and picture disagree most: those with the lowest cosine come first.
-- @run run = latest    the run
-- @limit integer = 20  how many posts; -1 lists all
WITH lowest AS (
  SELECT
    entry.key,
    prediction.post_id,
    prediction.text_image_similarity,
    prediction.label,
    {{confidence prediction}} AS confidence
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post
    ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  WHERE run.name = :run
    AND prediction.text_image_similarity IS NOT NULL
    AND {{is_counted_with_picture entry :run}}
  ORDER BY prediction.text_image_similarity, prediction.post_id
  LIMIT :limit
)
-- Texts are read only for the listed posts.
SELECT
  lowest.key,
  lowest.text_image_similarity,
  lowest.label,
  lowest.confidence,
  {{true_label lowest.post_id}} AS truth,
  post.text,
  post.image
FROM lowest
CROSS JOIN post ON post.id = lowest.post_id
ORDER BY lowest.text_image_similarity, lowest.post_id
