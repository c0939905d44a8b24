-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) FILTER (WHERE currency = 'EUR) AS euros,  -- the buyer's orders in euros
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
