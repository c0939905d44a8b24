-- How much?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS orders  -- value
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' SECOND, INTERVAL '1' DAY))
GROUP BY window_start, window_end
