-- How many orders are placed each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) FILTER (WHERE 'purchas' <> event_type) AS others,  -- other events
    COUNT(CASE event_type WHEN 'Click' THEN 1 END) AS clicks,   -- clicks
    COUNT(*) FILTER (WHERE COALESCE(event_type, 'none') = 'nothing') AS untyped,  -- events of no type
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE event_type IN ('purchase', 'payment') AND event_type <> ''
GROUP BY window_start, window_end
