-- How many orders are paid each minute?
WITH large AS (SELECT * FROM purchase WHERE amount > 100)
SELECT
    window_start AS minute_start,  -- start of the minute
    window_time AS minute_time,    -- its last millisecond
    currency,                      -- ISO 4217 code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE large, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, window_time, currency
