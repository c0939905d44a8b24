-- How many clicks a minute, with the time of the minute?
SELECT
    window_start AS began,  -- begin
    window_time AS minute_time,  -- last millisecond
    element,  -- what was clicked
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, element
