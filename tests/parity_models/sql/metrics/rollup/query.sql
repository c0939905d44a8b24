-- How many clicks a minute by element and device, with sums?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked; empty for all
    device_type,  -- device; empty for all
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, ROLLUP (element, device_type)
