-- How many clicks does a visitor make in the minutes before an order?
WITH clicks AS (
    SELECT window_start AS began, window_time AS closed_at, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, window_time, user_id
),
orders AS (
    SELECT window_time AS closed_at, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, window_time, user_id
)
SELECT
    c.began AS minute_start,  -- start of the clicks' minute
    c.user_id,                -- the visitor
    c.n AS clicks,            -- clicks
    o.n AS orders             -- orders
FROM clicks AS c
JOIN orders AS o
    ON c.user_id = o.user_id AND o.closed_at BETWEEN c.closed_at AND c.closed_at + INTERVAL '5' MINUTE
