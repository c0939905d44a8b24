-- How many clicks and orders has each minute?
WITH paid AS (
    SELECT window_start, window_end, COUNT(*) AS purchases
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end
), clicked AS (
    SELECT window_start, window_end, COUNT(*) AS clicks
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end
)
SELECT
    COALESCE(paid.window_start, clicked.window_start) AS minute_start,  -- start of the minute
    COALESCE(purchases, 0) AS purchases,                                -- paid orders
    COALESCE(clicks, 0) AS clicks                                       -- clicks
FROM paid
FULL JOIN clicked ON paid.window_start = clicked.window_start AND paid.window_end = clicked.window_end
