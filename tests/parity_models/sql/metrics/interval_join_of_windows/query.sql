-- How many clicks does a buyer make in the five minutes before?
WITH c AS (
    SELECT window_time AS t1, window_start AS began, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, window_time, user_id
),
o AS (
    SELECT window_time AS t2, user_id, COUNT(*) AS n
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, window_time, user_id
)
SELECT
    c.began AS began,  -- begin
    o.t2 AS bought_until,  -- end of the orders' minute
    c.user_id AS who,  -- who
    c.n AS clicks,  -- clicks
    o.n AS orders  -- orders
FROM c
JOIN o
    ON c.user_id = o.user_id AND o.t2 BETWEEN c.t1 AND c.t1 + INTERVAL '5' MINUTE
