-- Clicks and orders by category?
WITH c AS (
    SELECT window_start, window_end, category, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, category
),
o AS (
    SELECT window_start, window_end, category, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, category
)
SELECT
    COALESCE(c.window_start, o.window_start) AS began,  -- begin
    COALESCE(c.category, o.category) AS category,  -- category
    COALESCE(c.n, 0) AS clicks,  -- clicks
    COALESCE(o.n, 0) AS orders  -- orders
FROM c
FULL JOIN o
    ON c.window_start = o.window_start AND c.window_end = o.window_end
    AND c.category IS NOT DISTINCT FROM o.category
