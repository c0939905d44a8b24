-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    currncy,                       -- ISO 4217 code
    CAST(SUM(amount) AS DECIMAL(5, 2)) AS revenue,  -- money taken
    CAST(AVG(CAST(amount AS DOUBLE)) AS DECIMAL(18, 2)) AS mean_amount,  -- money an order
    coupon,                        -- coupon code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currncy
