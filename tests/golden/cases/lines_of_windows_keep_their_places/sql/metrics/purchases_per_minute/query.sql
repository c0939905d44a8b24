-- How much?
SELECT
    window_start AS minute_start,  -- start
    CAST(SUM(amonut) AS DECIMAL(18, 2)) AS revenue  -- EUR
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
