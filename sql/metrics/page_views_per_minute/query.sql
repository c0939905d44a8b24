-- How many pages are shown each minute, by category?
SELECT
    window_start AS minute_start,  -- start of the minute
    category,                      -- category of the page; empty where it has none
    COUNT(*) AS page_views         -- pages shown
FROM TABLE(TUMBLE(TABLE page_view, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, category
