-- How many orders in code 978 are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)) AS p
WHERE p.currency = 978 OR p.coupon = NULL
GROUP BY p.window_start, p.window_end
