-- How much money does the shop take each minute, by currency?
SELECT
    window_start AS minute_start,                   -- start of the minute
    currency,                                       -- ISO 4217 code
    CAST(SUM(amout) AS DECIMAL(18, 2)) AS revenue,  -- money taken
    COUNT(*) AS purchases                           -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
