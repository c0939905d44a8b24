-- How many orders are paid each hour?
SELECT
    window_start AS hour_start,  -- start of the hour
    COUNT(*) AS purchases        -- paid orders
FROM TABLE(TUMBLE(TABLE purchases_per_minute, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end
