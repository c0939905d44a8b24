-- How often does each person buy in an hour?
SELECT
    window_start AS hour_start,  -- start of the hour
    window_end AS hour_end,      -- end of the hour
    user_id,                     -- the visitor
    COUNT(*) AS purchases        -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, user_id
HAVING COUNT(*) > 1
