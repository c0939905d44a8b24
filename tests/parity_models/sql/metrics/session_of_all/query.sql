-- How long is the shop clicked without a pause?
SELECT
    window_start AS began,  -- begin
    window_end AS ended,  -- end
    COUNT(*) AS clicks,  -- clicks
    COUNT(DISTINCT user_id) AS people  -- people
FROM TABLE(SESSION(TABLE click, DESCRIPTOR(event_time), INTERVAL '10' SECOND))
GROUP BY window_start, window_end
