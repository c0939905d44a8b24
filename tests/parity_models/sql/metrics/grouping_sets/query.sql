-- How many clicks a minute by element, by device, and in all?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked; empty for all
    device_type,  -- device; empty for all
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, GROUPING SETS ((element), (device_type), ())
