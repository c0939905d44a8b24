-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE currency = 'EUR'
    amount > 10
GROUP BY window_start, window_end
