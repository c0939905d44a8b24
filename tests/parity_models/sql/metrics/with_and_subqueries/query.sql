-- How many dear orders of known buyers each minute?
WITH dear AS (
    SELECT event_time, user_id, currency, amount FROM purchase WHERE amount >= 10
)
SELECT
    window_start AS began,  -- begin
    currency,  -- ISO code
    COUNT(*) AS orders,  -- orders
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue  -- money, in `currency`
FROM TABLE(TUMBLE(TABLE dear, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE currency IN ('EUR', 'USD') AND user_id <> 'u-2'
GROUP BY window_start, window_end, currency
