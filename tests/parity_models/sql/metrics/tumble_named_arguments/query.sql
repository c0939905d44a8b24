-- How many clicks a minute, with arguments by name?
SELECT
    window_start AS began,  -- begin of the window
    window_end AS ended,  -- its end
    element,  -- what was clicked
    COUNT(*) AS clicks,  -- clicks
    CAST(SUM(position) AS BIGINT) AS places,  -- sum of the places
    COUNT(position) AS placed  -- clicks that have a place
FROM TABLE(TUMBLE(DATA => TABLE click, TIMECOL => DESCRIPTOR(event_time), SIZE => INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
