-- How many clicks and searches are there together each minute, by user?
SELECT
    window_start AS minute_start,  -- start of the minute
    user_id,                       -- who
    COUNT(*) AS actions            -- clicks and searches
FROM TABLE(TUMBLE((
    SELECT event_time, user_id FROM click
    UNION ALL
    SELECT event_time, user_id FROM search
), DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, user_id
