-- How many clicks in periods that are no part of a minute?
SELECT
    window_start AS began,  -- begin of the window
    window_end AS ended,  -- its end
    element,  -- what was clicked
    COUNT(*) AS clicks,  -- clicks
    CAST(SUM(position) AS BIGINT) AS places,  -- sum of the places
    COUNT(position) AS placed  -- clicks that have a place
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '7' SECOND))
GROUP BY window_start, window_end, element
