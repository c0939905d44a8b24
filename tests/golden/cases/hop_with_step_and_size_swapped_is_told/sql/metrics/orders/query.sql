-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '10' MINUTE, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
