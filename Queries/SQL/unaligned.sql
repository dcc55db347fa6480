-- unaligned: Posts whose text and picture disagree most: those with the lowest cosine come first.
-- @run run = latest    the run
-- @limit integer = 20  how many posts; -1 lists all
-- A post without a text is no pair, so it is not listed.
-- The index gives the order, so texts are read only up to the last listed post.
SELECT
  entry.key,
  prediction.text_image_similarity,
  prediction.label,
  {{confidence prediction}} AS confidence,
  {{true_label prediction.post_id}} AS truth,
  post.text,
  post.image
FROM run
CROSS JOIN prediction INDEXED BY prediction_similarity ON prediction.scorer_id = run.scorer_id
CROSS JOIN entry INDEXED BY entry_post
  ON entry.post_id = prediction.post_id AND entry.run_id = run.id
CROSS JOIN post ON post.id = prediction.post_id
WHERE run.name = :run
  AND prediction.text_image_similarity IS NOT NULL
  AND {{is_counted_with_picture entry :run}}
  AND post.text <> ''
ORDER BY prediction.text_image_similarity, prediction.post_id
LIMIT :limit
