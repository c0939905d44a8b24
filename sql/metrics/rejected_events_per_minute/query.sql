-- How many events did ingest turn away each minute, and why?
SELECT
    window_start AS minute_start,  -- start of the minute
    reason,                        -- kind of failure
    COUNT(*) AS rejected           -- events turned away
FROM TABLE(TUMBLE(TABLE rejected_event, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, reason
