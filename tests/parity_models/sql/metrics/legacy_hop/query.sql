-- How many clicks in the last minute, in the old form?
SELECT
    HOP_START(event_time, INTERVAL '20' SECOND, INTERVAL '1' MINUTE) AS began,  -- begin
    element,  -- what was clicked
    COUNT(*) AS clicks  -- clicks
FROM click
GROUP BY HOP(event_time, INTERVAL '20' SECOND, INTERVAL '1' MINUTE), element
