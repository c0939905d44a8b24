-- How many orders of people who clicked are paid each minute?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases          -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE user_id IN (SELECT user_id FROM click)
GROUP BY window_start, window_end
