-- near-duplicates: Groups of posts with nearly the same text, or with the same picture, the largest group first.
-- @by text = text         text: equal except for case, blanks, links, mentions and digits; picture: the same file
-- @run run = latest       the run
-- @limit integer = 20     how many groups; -1 lists all
-- @examples integer = 3   how many posts of each group; -1 lists all
-- A repeated row of a run is already marked as a duplicate and counts once here.
WITH listed AS MATERIALIZED (
  SELECT alike.key AS place, alike.value AS members
  FROM json_each((
    SELECT alike(
      CASE :by
        WHEN 'text' THEN nullif(fold(post.text), '')
        WHEN 'picture' THEN post.picture_hash
        ELSE refuse('by takes text or picture')
      END,
      entry.post_id
    )
    FROM run
    CROSS JOIN entry ON entry.run_id = run.id
    CROSS JOIN post ON post.id = entry.post_id
    WHERE run.name = :run AND {{is_scored entry}}
  )) AS alike
  LIMIT :limit
),
member AS (
  SELECT listed.place + 1 AS "group", json_array_length(listed.members) AS posts, member.value AS post_id,
    member.key AS place
  FROM listed
  CROSS JOIN json_each(listed.members) AS member
  WHERE member.key < :examples OR :examples < 0
)
SELECT
  member."group",
  member.posts,
  post.key,
  prediction.label,
  {{true_label member.post_id}} AS truth,
  post.text,
  post.image
FROM member
CROSS JOIN run ON run.name = :run
CROSS JOIN post ON post.id = member.post_id
CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = member.post_id
ORDER BY member."group", member.place
