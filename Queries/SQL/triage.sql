-- triage: The posts of a run most worth a look, as many as there is time for, each with the reason in a line.
-- @run run = latest      the run to look at
-- @budget integer = 30   how many posts
-- @against run = null    another run: posts that it labels differently are worth a look, too
-- @pair pair = content   content: the same post in both runs; key: else posts of one key, where each run has one of it
-- Pairs of one key whose true labels differ are left out, since neither label could judge both runs.
-- Reasons take turns: the surest mistake, the surest disagreement, the least certain post, the worst clash of text and
-- picture, the text with most unknown pieces, the commonest kind of fault, then the second of each. A post comes once, for
-- the reason that ranks it highest. A run of labels alone has no least certain posts, and its mistakes come in no order.
-- The same store gives the same posts.
WITH size AS MATERIALIZED (
  SELECT count(*) < 20000 AS is_small
  FROM (SELECT 1 FROM run CROSS JOIN entry ON entry.run_id = run.id WHERE run.name = :run LIMIT 20000)
),
-- Each reason lists so many posts that the budget is met though five others may have named them before.
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
    AND {{is_scored entry}}
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
    AND {{is_scored entry}}
    AND truth.label <> prediction.label
    AND {{is_true_label truth}}
  ORDER BY confidence DESC, post_id DESC
  LIMIT 6 * max(0, min(:budget, 100000))
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
  LIMIT 6 * max(0, min(:budget, 100000))
),
uncertain AS (
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  WHERE run.name = :run
    AND NOT (SELECT is_small FROM size)
    AND {{is_scored entry}}
    AND {{confidence prediction}} IS NOT NULL
  UNION ALL
  SELECT prediction.post_id AS post_id, prediction.confidence AS confidence
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND (SELECT is_small FROM size)
    AND {{is_scored entry}}
    AND {{confidence prediction}} IS NOT NULL
  ORDER BY confidence, post_id
  LIMIT 6 * max(0, min(:budget, 100000))
),
clashing AS (
  SELECT prediction.post_id AS post_id, prediction.text_image_similarity AS similarity
  FROM run
  CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id
  CROSS JOIN entry INDEXED BY entry_post
    ON entry.post_id = prediction.post_id AND entry.run_id = run.id
  WHERE run.name = :run
    AND prediction.text_image_similarity IS NOT NULL
    AND entry.state = 'scored'
  ORDER BY prediction.text_image_similarity, prediction.post_id
  LIMIT 6 * max(0, min(:budget, 100000))
),
unknown AS (
  SELECT prediction.post_id AS post_id, prediction.unknown_share AS unknown_share
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN prediction
    ON prediction.scorer_id = run.scorer_id AND prediction.post_id = entry.post_id
  WHERE run.name = :run
    AND {{is_scored entry}}
    AND prediction.unknown_share > 0
  ORDER BY unknown_share DESC, post_id
  LIMIT 6 * max(0, min(:budget, 100000))
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
      WHEN known IS NULL THEN printf('mistake: its label is %s, and the run gives it another', truth)
      ELSE printf('mistake: its label is %s, and the model gives another label, with confidence %.3f', truth, known)
    END AS reason
  FROM mistaken
  UNION ALL
  SELECT 2, row_number() OVER (ORDER BY certainty DESC, post_id), post_id, NULL,
    CASE
      WHEN confidence IS NULL THEN printf('disagreement: run %s says %s', :against, label)
      ELSE printf('disagreement: run %s says %s at %.3f', :against, label, confidence)
    END
  FROM disagreeing
  UNION ALL
  SELECT 3, row_number() OVER (ORDER BY confidence, post_id), post_id, NULL,
    printf('uncertain: the model gives its label no more than %.3f', confidence)
  FROM uncertain
  UNION ALL
  SELECT 4, row_number() OVER (ORDER BY similarity, post_id), post_id, NULL,
    printf('clash: text and picture have the cosine %.3f', similarity)
  FROM clashing
  UNION ALL
  SELECT 5, row_number() OVER (ORDER BY unknown_share DESC, post_id), post_id, NULL,
    printf('unknown: %.0f %% of the text''s pieces are not in the vocabulary', 100 * unknown_share)
  FROM unknown
  UNION ALL
  SELECT 6, row_number() OVER (ORDER BY rows DESC, fault_id), NULL, fault_id, rows FROM failed
),
-- A post that several reasons name is the one's that ranks it highest; those behind it in the other lists move up. Where
-- they rank it alike, reasons win in turn, so that none is left with nothing.
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
  LIMIT max(0, min(:budget, 100000))
)
SELECT
  coalesce(post.key, fault.key) AS key,
  CASE
    WHEN fault.id IS NULL THEN chosen.reason
    ELSE printf('fault: %s %s, the first of %d such rows (%s:%d)', fault.stage, fault.code, chosen.reason, fault.file,
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
