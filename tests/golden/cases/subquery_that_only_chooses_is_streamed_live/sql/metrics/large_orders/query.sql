-- How many large orders are paid each minute?
WITH large AS (
    SELECT event_time AS paid_at, currency
    FROM purchase
    WHERE amount > 100
)
SELECT
    window_start AS minute_start,  -- start of the minute
    currency,                      -- ISO 4217 code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE large, DESCRIPTOR(paid_at), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
