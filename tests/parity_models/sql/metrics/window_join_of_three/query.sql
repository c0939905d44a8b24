-- Who looks, clicks and buys within five minutes?
WITH looks AS (
    SELECT window_start, window_end, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, user_id
),
clicks AS (
    SELECT window_start, window_end, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, user_id
),
orders AS (
    SELECT window_start, window_end, user_id, COUNT(*) AS n, SUM(amount) AS amount
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, user_id
)
SELECT
    l.window_start AS began,  -- begin
    l.user_id AS visitor,  -- who
    l.n AS looks,  -- page views
    c.n AS clicks,  -- clicks, if any
    CAST(o.amount AS DECIMAL(18, 2)) AS amount  -- money paid, if any
FROM looks AS l
LEFT JOIN clicks AS c ON l.window_start = c.window_start AND l.window_end = c.window_end AND l.user_id = c.user_id
LEFT JOIN orders AS o ON l.window_start = o.window_start AND l.window_end = o.window_end AND l.user_id = o.user_id
