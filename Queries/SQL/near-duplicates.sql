-- near-duplicates: Groups of posts with nearly the same text, or with the same picture, the largest group first.
-- @by text = text         text: equal but for case, blanks, links, mentions and digits; picture: the same file
-- @run run = latest       the run to look at
-- @limit integer = 20     how many groups; -1 lists all
-- @examples integer = 3   how many posts of each group; -1 lists all
-- A post that a run holds twice is its duplicate already, and counts once here.
WITH folded AS MATERIALIZED (
  SELECT
    entry.post_id AS post_id,
    CASE :by
      WHEN 'text' THEN nullif(fold(post.text), '')
      WHEN 'picture' THEN post.picture_hash
      ELSE refuse('by is text or picture')
    END AS content
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN post ON post.id = entry.post_id
  WHERE run.name = :run AND entry.state IN ('scored', 'without_picture')
),
listed AS MATERIALIZED (
  SELECT content, count(*) AS posts, min(post_id) AS first
  FROM folded
  WHERE content IS NOT NULL
  GROUP BY content
  HAVING count(*) > 1
  ORDER BY posts DESC, first
  LIMIT :limit
),
member AS (
  SELECT
    listed.posts,
    listed.first,
    folded.post_id,
    row_number() OVER (PARTITION BY listed.first ORDER BY folded.post_id) AS place
  FROM folded
  CROSS JOIN listed ON listed.content = folded.content
)
SELECT
  dense_rank() OVER (ORDER BY member.posts DESC, member.first) AS "group",
  member.posts,
  post.key,
  prediction.label,
  (
    SELECT truth.label FROM label AS truth WHERE truth.post_id = member.post_id
    ORDER BY truth.noted_at DESC, truth.source LIMIT 1
  ) AS truth,
  post.text,
  post.image
FROM member
CROSS JOIN run ON run.name = :run
CROSS JOIN post ON post.id = member.post_id
CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = member.post_id
WHERE member.place <= :examples OR :examples < 0
ORDER BY member.posts DESC, member.first, member.place
