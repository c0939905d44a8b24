-- How much money does the shop take each minute, by currency and coupon?
SELECT
    window_start AS minute_start,                    -- start of the minute
    currency,                                        -- ISO 4217 code
    coupon,                                          -- coupon code; empty without
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue,  -- money taken
    COUNT(*) AS purchases                            -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE amount > 0
GROUP BY window_start, window_end, currency, coupon
