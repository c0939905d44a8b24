-- How many clicks in the last minute, every 20 seconds?
SELECT
    window_start AS began,  -- begin of the window
    window_end AS ended,  -- its end
    element,  -- what was clicked
    COUNT(*) AS clicks,  -- clicks
    CAST(SUM(position) AS BIGINT) AS places,  -- sum of the places
    COUNT(position) AS placed  -- clicks that have a place
FROM TABLE(HOP(TABLE click, DESCRIPTOR(event_time), INTERVAL '20' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
