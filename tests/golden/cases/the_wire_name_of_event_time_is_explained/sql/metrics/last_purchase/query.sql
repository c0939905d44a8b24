-- When was the last order of each minute paid?
SELECT
    window_start AS minute_start,                             -- start of the minute
    CAST(MAX(timestamp) AS TIMESTAMP_LTZ(3)) AS last_paid_at  -- time of the last order
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
