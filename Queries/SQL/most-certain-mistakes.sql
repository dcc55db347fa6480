-- most-certain-mistakes: Posts whose predicted label is not the true one, the surest first.
-- @run run = latest    the run to look at
-- @limit integer = 20  how many posts; -1 lists all
-- A post's truth is the label noted last; of labels noted at once, that of the first source.
SELECT
  entry.key,
  prediction.label,
  truth.label AS truth,
  prediction.confidence,
  post.text,
  post.image
FROM run
CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
CROSS JOIN label AS truth ON truth.post_id = prediction.post_id
CROSS JOIN post ON post.id = prediction.post_id
WHERE run.name = :run
  AND EXISTS (SELECT 1 FROM label)
  AND entry.state IN ('scored', 'without_picture')
  AND truth.label <> prediction.label
  AND NOT EXISTS (
    SELECT 1 FROM label AS later
    WHERE later.post_id = truth.post_id
      AND (later.noted_at > truth.noted_at
        OR (later.noted_at = truth.noted_at AND later.source < truth.source))
  )
ORDER BY prediction.confidence DESC, prediction.post_id DESC
LIMIT :limit
