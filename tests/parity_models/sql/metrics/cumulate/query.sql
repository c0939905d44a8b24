-- How many clicks since the hour began, every ten minutes?
SELECT
    window_start AS began,  -- begin of the window
    window_end AS ended,  -- its end
    element,  -- what was clicked
    COUNT(*) AS clicks,  -- clicks
    CAST(SUM(position) AS BIGINT) AS places,  -- sum of the places
    COUNT(position) AS placed  -- clicks that have a place
FROM TABLE(CUMULATE(TABLE click, DESCRIPTOR(event_time), INTERVAL '10' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end, element
