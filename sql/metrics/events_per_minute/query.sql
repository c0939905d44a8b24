-- How many events does the shop send each minute, by type?
SELECT
    window_start AS minute_start,  -- start of the minute
    event_type,                    -- page_view, click, purchase or search
    COUNT(*) AS events             -- events, each event_id once
FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, event_type
