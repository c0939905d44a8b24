-- How many clicks a minute by any of element and device?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked; empty for all
    device_type,  -- device; empty for all
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, CUBE (element, device_type)
