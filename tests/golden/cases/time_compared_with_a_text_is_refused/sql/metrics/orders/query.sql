-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases          -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE event_time > '2026-01-01'
GROUP BY window_start, window_end
