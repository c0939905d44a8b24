-- Which three currencies are paid in most each minute?
WITH counted AS (
    SELECT window_start, window_end, currency, COUNT(*) AS purchases
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, currency
)
SELECT
    window_start AS minute_start,  -- start of the minute
    place,                         -- 1 for the currency paid in most
    currency,                      -- ISO 4217 code
    purchases                      -- paid orders
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY purchases DESC, currency) AS place
    FROM counted
)
WHERE place <= 3
