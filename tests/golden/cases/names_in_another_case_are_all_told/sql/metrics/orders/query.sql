-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    Currency,                      -- ISO 4217 code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE Purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, Currency
