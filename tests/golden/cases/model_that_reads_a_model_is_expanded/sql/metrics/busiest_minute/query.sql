-- How many orders has the busiest minute of each hour?
SELECT
    window_start AS hour_start,                 -- start of the hour
    CAST(MAX(purchases) AS BIGINT) AS purchases  -- paid orders
FROM TABLE(TUMBLE(TABLE purchases_per_minute, DESCRIPTOR(minute_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end
