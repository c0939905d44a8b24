-- How much?
SELECT
    window_start AS minute_start,  -- start
    CAST(SUM(amount) AS DECIMAL(40, 2)) AS a,  -- EUR
    CAST(SUM(amount) AS DECIMAL(2, 5)) AS b,  -- EUR
    CAST(SUM(amount) AS DECIMAL(0, 0)) AS c  -- EUR
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
