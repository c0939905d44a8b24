-- What is taken each hour, with averages and shares?
SELECT
    window_start AS began,  -- begin
    currency,  -- ISO code
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue,  -- money, in `currency`
    CAST(AVG(amount) AS DECIMAL(18, 2)) AS average_order,  -- money, in `currency`
    CAST(SUM(CASE WHEN is_refund THEN 0 - amount ELSE amount END) AS DECIMAL(18, 2)) AS net,  -- money, in `currency`
    CAST(SUM(amount * quantity) AS DECIMAL(28, 2)) AS weighted,  -- money
    CAST(SUM(amount) / COUNT(*) AS DECIMAL(18, 4)) AS per_order,  -- money
    CAST(COUNT(*) FILTER (WHERE payment_method = 'card') * 100.0 / COUNT(*) AS DECIMAL(8, 3)) AS card_percent  -- percent
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, currency
