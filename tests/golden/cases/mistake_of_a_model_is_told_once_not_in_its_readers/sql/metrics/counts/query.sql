-- How much?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
