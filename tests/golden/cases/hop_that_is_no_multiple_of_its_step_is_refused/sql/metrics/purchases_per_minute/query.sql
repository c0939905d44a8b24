-- How many orders are paid in five minutes?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '2' MINUTE, INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
