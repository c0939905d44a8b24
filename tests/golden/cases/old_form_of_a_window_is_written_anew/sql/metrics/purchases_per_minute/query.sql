-- How many orders are paid each minute?
SELECT
    TUMBLE_START(event_time, INTERVAL '1' MINUTE) AS minute_start,  -- start of the minute
    currency,                                                       -- ISO 4217 code
    COUNT(*) AS purchases                                           -- paid orders
FROM purchase
GROUP BY TUMBLE(event_time, INTERVAL '1' MINUTE), currency
