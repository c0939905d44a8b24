-- Which elements are clicked more than once a minute?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked
    COUNT(*) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
HAVING COUNT(*) > 1 AND MAX(position) IS NOT NULL
