-- How many clicks and orders has each country?
WITH clicks AS (
    SELECT window_start, window_end, country, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, country
),
orders AS (
    SELECT window_start, window_end, country, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, country
)
SELECT
    COALESCE(c.window_start, o.window_start) AS minute_start,  -- start of the minute
    COALESCE(c.country, o.country) AS country,                -- country
    COALESCE(c.n, 0) AS clicks,                                -- clicks
    COALESCE(o.n, 0) AS orders                                 -- orders
FROM clicks AS c
FULL JOIN orders AS o
    ON c.window_start = o.window_start AND c.window_end = o.window_end AND c.country = o.country
