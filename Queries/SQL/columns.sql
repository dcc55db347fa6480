-- columns: The columns of the corpus that have a type: how many texts were converted, how many were not, and an example that was not.
-- @run run = latest  the run
-- A type is declared with score --column NAME:TYPE. A value that cannot be converted is NULL in the views typed and typed_value.
WITH converted AS (
  SELECT typed_value.name, typed_value.text, typed_value.value IS NOT NULL AS is_converted,
    trim(typed_value.text, ' ' || char(9, 10, 13)) <> '' AS has_text
  FROM run
  CROSS JOIN entry ON entry.run_id = run.id
  CROSS JOIN typed_value ON typed_value.post_id = entry.post_id
  WHERE run.name = :run AND {{is_counted entry :run}}
),
counted AS MATERIALIZED (
  SELECT name, count(*) AS posts, sum(has_text) AS texts, sum(is_converted) AS converted,
    min(CASE WHEN has_text AND NOT is_converted THEN text END) AS not_converted_example
  FROM converted
  GROUP BY name
)
SELECT column_type.name, column_type.type, counted.posts, counted.texts, counted.converted,
  counted.texts - counted.converted AS not_converted, counted.not_converted_example
FROM column_type
JOIN counted ON counted.name = column_type.name
ORDER BY column_type.name
