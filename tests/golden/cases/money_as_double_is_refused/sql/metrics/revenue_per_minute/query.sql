-- How much money does the shop take each minute?
SELECT
    window_start AS minute_start,           -- start of the minute
    CAST(SUM(amount) AS DOUBLE) AS revenue  -- money taken
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
