-- How much?
SELECT
    window_start AS minute_start,  -- start of the minute
    CAST(COUNT(*) FILTER (WHERE amount > 10) / COUNT(*) AS DECIMAL(9, 4)) AS share  -- value
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
