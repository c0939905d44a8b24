-- How are texts compared?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    query = category AS same,  -- same
    query < 'a' AS before_a,  -- before a
    query <> '' AS not_empty,  -- not empty
    query IN ('a', 'A', 'ä') AS one_of,  -- one of
    query BETWEEN 'A' AND 'a' AS in_between,  -- in between
    CASE WHEN category IS NULL THEN 'none' WHEN category = '' THEN 'empty' ELSE category END AS named,  -- named
    category IS DISTINCT FROM query AS differs,  -- differs
    NOT (category = 'b') AS not_b,  -- not b
    category NOT IN ('b', 'B') AS neither,  -- neither
    category = 'b' OR query = 'a' AS any_of_both,  -- any of both
    category = 'b' AND query = 'a' AS both_of_them,  -- both of them
    (category = 'b') IS NOT TRUE AS not_true  -- not true
FROM search
