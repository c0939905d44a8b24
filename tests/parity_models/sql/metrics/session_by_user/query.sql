-- How many clicks in each visit?
SELECT
    window_start AS began,  -- begin of the window
    window_end AS ended,  -- its end
    user_id,  -- what was clicked
    COUNT(*) AS clicks,  -- clicks
    CAST(SUM(position) AS BIGINT) AS places,  -- sum of the places
    COUNT(position) AS placed  -- clicks that have a place
FROM TABLE(SESSION(TABLE click PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, user_id
