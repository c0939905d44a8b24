-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) FILTER (WHERE EXTRACT(HOUR FROM currency) < 12 OR HOUR(amount) = 1) AS early,  -- orders of the morning
    COUNT(*) FILTER (WHERE TIMESTAMPDIFF(DAY, coupon, event_time) > 1) AS late,  -- orders of another day
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
