-- How often is something clicked each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS clicks             -- clicks
FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start
