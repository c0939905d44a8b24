-- How many events of each type in five minutes, by country?
SELECT
    window_start AS began,  -- begin
    event_type,  -- kind of event
    country,  -- ISO code
    COUNT(*) AS events,  -- events
    COUNT(DISTINCT user_id) AS people  -- people
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, event_type, country
