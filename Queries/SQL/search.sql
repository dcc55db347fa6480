-- search: Posts whose text or knowledge contains the words, the best match first.
-- @words text         words, all of which must occur; "a phrase", OR, NOT, begin*, text:word, NEAR(a b)
-- @run run = latest   the run
-- @limit integer = 20 how many posts; -1 lists all
-- Case and diacritics are ignored. Put words with other characters in double quotes. In a language without blanks,
-- everything written together is one word: search for its beginning, as in 这部*. Emoji alone are not words.
WITH found AS (
  SELECT entry.key, entry.post_id AS post_id, post_search.rank AS rank,
    snippet(post_search, -1, '[', ']', '…', 16) AS excerpt
  FROM post_search
  CROSS JOIN run ON run.name = :run
  CROSS JOIN entry INDEXED BY entry_post ON entry.post_id = post_search.rowid AND entry.run_id = run.id
  WHERE post_search MATCH :words AND {{is_counted entry :run}}
  ORDER BY post_search.rank
  LIMIT :limit
)
SELECT
  found.key,
  prediction.label,
  {{confidence prediction}} AS confidence,
  {{true_label found.post_id}} AS truth,
  found.excerpt,
  post.image
FROM found
CROSS JOIN run ON run.name = :run
CROSS JOIN post ON post.id = found.post_id
CROSS JOIN prediction ON prediction.scorer_id = run.scorer_id AND prediction.post_id = found.post_id
ORDER BY found.rank, found.post_id
