-- triage: The posts of a run to review first, as many as you have time for, each with the reason in one line.
-- @run run = latest      the run
-- @budget integer = 30   how many posts; -1 lists all
-- @against run = null    another run; posts with a different label there are also listed
-- @pair pair = content   content: posts with the same key and content; key: also posts with the same key only, if each run has one
-- Pairs with the same key whose true labels differ are left out, since neither label applies to both runs.
-- Reasons alternate: the mistake with the highest confidence, the disagreement with the highest confidence, the least
-- certain post, the lowest cosine of text and picture, the text with most unknown pieces, the most common kind of fault,
-- then the second of each. A post is listed once, for the reason that ranks it highest. A run of labels alone has no
-- least certain posts, and its mistakes are not ordered. The same store gives the same posts.
WITH size AS MATERIALIZED (
  SELECT count(*) < 20000 AS is_small
  FROM (SELECT 1 FROM run CROSS JOIN entry ON entry.run_id = run.id WHERE run.name = :run LIMIT 20000)
),
-- Each reason lists enough posts to meet the budget even if the five other reasons list the same posts.
mistaken AS (
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence, truth.label AS truth,
    {{confidence prediction}} AS known
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  CROSS JOIN label AS truth ON truth.post_id = prediction.post_id
  WHERE run.name = :run
    AND NOT (SELECT is_small FROM size)
    AND EXISTS (SELECT 1 FROM label)
    AND {{is_counted entry :run}}
    AND truth.label <> prediction.label
    AND {{is_true_label truth}}
  UNION ALL
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence, truth.label AS truth,
    {{confidence prediction}} AS known
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  CROSS JOIN label AS truth ON truth.post_id = prediction.post_id
  WHERE run.name = :run
    AND (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND truth.label <> prediction.label
    AND {{is_true_label truth}}
  ORDER BY confidence DESC, post_id DESC
  LIMIT 6 * max(-1, min(:budget, 100000))
),
{{pairs}},
disagreeing AS (
  SELECT pair.post_id AS post_id, min(mine.confidence, other.confidence) AS certainty, other.label AS label,
    {{confidence other}} AS confidence
  FROM pair
  CROSS JOIN run ON run.name = :run
  CROSS JOIN run AS base ON base.name = :against
  CROSS JOIN prediction AS mine
    ON mine.scorer_id = run.scorer_id AND mine.post_id = pair.post_id
  CROSS JOIN prediction AS other
    ON other.scorer_id = base.scorer_id AND other.post_id = pair.other_id
  WHERE (run.scorer_id <> base.scorer_id OR pair.other_id <> pair.post_id)
    AND other.label <> mine.label
  ORDER BY certainty DESC, post_id
  LIMIT 6 * max(-1, min(:budget, 100000))
),
uncertain AS (
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  WHERE run.name = :run
    AND NOT (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND {{confidence prediction}} IS NOT NULL
  UNION ALL
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND (SELECT is_small FROM size)
    AND {{is_counted entry :run}}
    AND {{confidence prediction}} IS NOT NULL
  ORDER BY confidence, post_id
  LIMIT 6 * max(-1, min(:budget, 100000))
),
clashing AS (
  SELECT prediction.post_id AS post_id, prediction.text_image_similarity AS similarity
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
  LIMIT 6 * max(-1, min(:budget, 100000))
),
unknown AS (
  SELECT prediction.post_id AS post_id, prediction.unknown_share AS unknown_share
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND {{is_counted entry :run}}
    AND prediction.unknown_share > 0
  ORDER BY unknown_share DESC, post_id
  LIMIT 6 * max(-1, min(:budget, 100000))
),
failed AS (
  SELECT min(fault.id) AS fault_id, count(*) AS rows
  FROM run
  CROSS JOIN fault ON fault.run_id = run.id
  WHERE run.name = :run
  GROUP BY fault.stage, fault.code
),
proposed AS (
  SELECT 1 AS turn, row_number() OVER (ORDER BY known IS NULL, confidence DESC, post_id DESC) AS place, post_id,
    NULL AS fault_id,
    CASE
      WHEN known IS NULL THEN printf('mistake: the true label is %s', truth)
      ELSE printf('mistake: the true label is %s, but the predicted label has confidence %.3f', truth, known)
    END AS reason
  FROM mistaken
  UNION ALL
  SELECT 2, row_number() OVER (ORDER BY certainty DESC, post_id), post_id, NULL,
    CASE
      WHEN confidence IS NULL THEN printf('disagreement: run %s predicts %s', :against, label)
      ELSE printf('disagreement: run %s predicts %s with confidence %.3f', :against, label, confidence)
    END
  FROM disagreeing
  UNION ALL
  SELECT 3, row_number() OVER (ORDER BY confidence, post_id), post_id, NULL,
    printf('uncertain: the predicted label has confidence %.3f', confidence)
  FROM uncertain
  UNION ALL
  SELECT 4, row_number() OVER (ORDER BY similarity, post_id), post_id, NULL,
    printf('clash: the cosine of text and picture is %.3f', similarity)
  FROM clashing
  UNION ALL
  SELECT 5, row_number() OVER (ORDER BY unknown_share DESC, post_id), post_id, NULL,
    printf('unknown: %.0f %% of the text''s pieces are not in the vocabulary', 100 * unknown_share)
  FROM unknown
  UNION ALL
  SELECT 6, row_number() OVER (ORDER BY rows DESC, fault_id), NULL, fault_id, rows FROM failed
),
-- A post with several reasons is listed under the reason that ranks it highest, and the later posts of the other lists
-- move up. If the ranks are equal, the reasons alternate, so that none is left without posts.
single AS (
  SELECT *,
    row_number() OVER (
      PARTITION BY coalesce(post_id, -fault_id) ORDER BY place, ((turn - place) % 6 + 6) % 6
    ) AS mention
  FROM proposed
),
chosen AS (
  SELECT *
  FROM (SELECT *, row_number() OVER (PARTITION BY turn ORDER BY place) AS round FROM single WHERE mention = 1)
  ORDER BY round, turn
  LIMIT max(-1, min(:budget, 100000))
)
SELECT
  coalesce(post.key, fault.key) AS key,
  CASE
    WHEN fault.id IS NULL THEN chosen.reason
    ELSE printf('fault: %s %s (rows: %d, first: %s:%d)', fault.stage, fault.code, chosen.reason, fault.file,
      fault.line)
  END AS reason,
  prediction.label,
  {{confidence prediction}} AS confidence,
  {{true_label chosen.post_id}} AS truth,
  post.text,
  coalesce(post.image, fault.path) AS image
FROM chosen
CROSS JOIN run ON run.name = :run
LEFT JOIN post ON post.id = chosen.post_id
LEFT JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = chosen.post_id
LEFT JOIN fault ON fault.id = chosen.fault_id
ORDER BY chosen.round, chosen.turn
