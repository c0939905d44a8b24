-- How many purchases are made each minute, by currency?
SELECT
    window_start AS window_end,  -- start of the minute
    currency AS status,          -- ISO 4217 code
    COUNT(*) AS purchases        -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
