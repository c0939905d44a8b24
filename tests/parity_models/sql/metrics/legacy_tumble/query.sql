-- How many clicks a minute, in the old form?
SELECT
    TUMBLE_START(event_time, INTERVAL '1' MINUTE) AS began,  -- begin
    element,  -- what was clicked
    COUNT(*) AS clicks  -- clicks
FROM click
GROUP BY TUMBLE(event_time, INTERVAL '1' MINUTE), element
