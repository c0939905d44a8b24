-- How many clicks do buyers make in the five minutes of their order?
WITH clicks AS (
    SELECT window_start, window_end, user_id, COUNT(*) AS clicks
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, user_id
),
orders AS (
    SELECT window_start, window_end, user_id, COUNT(*) AS orders
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
    GROUP BY window_start, window_end, user_id
)
SELECT
    c.window_start AS began,  -- begin
    c.user_id AS buyer,  -- who
    c.clicks AS clicks,  -- clicks
    o.orders AS orders  -- orders
FROM clicks AS c
INNER JOIN orders AS o
    ON c.window_start = o.window_start AND c.window_end = o.window_end AND c.user_id = o.user_id
