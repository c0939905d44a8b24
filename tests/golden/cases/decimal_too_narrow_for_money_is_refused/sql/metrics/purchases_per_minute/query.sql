-- How much?
SELECT
    window_start AS minute_start,  -- start
    CAST(SUM(amount) AS DECIMAL(5, 2)) AS narrow,  -- EUR
    CAST(MAX(amount) AS DECIMAL(18, 0)) AS whole  -- EUR
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
