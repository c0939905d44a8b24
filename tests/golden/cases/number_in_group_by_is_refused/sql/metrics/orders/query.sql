-- How much?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS orders  -- value
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY 1, window_start, window_end
