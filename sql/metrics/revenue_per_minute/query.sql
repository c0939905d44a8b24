-- How much money does the shop take each minute, by currency?
SELECT
    window_start AS minute_start,                    -- start of the minute
    currency,                                        -- ISO 4217 code
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue,  -- money taken, in `currency`
    COUNT(*) AS purchases                            -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE COALESCE(payment_status, 'paid') = 'paid'      -- an order without a status is a paid one
  AND COALESCE(is_refund, FALSE) = FALSE
GROUP BY window_start, window_end, currency
