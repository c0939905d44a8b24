-- How much?
SELECT
    window_start AS minute_start,  -- start
    CAST(SUM(currency) AS DECIMAL(18, 2)) AS a,  -- EUR
    CAST(MAX(SUBSTRING(amount FROM 1)) AS STRING) AS b,  -- text
    CAST(MAX(ROUND(amount, 1, 2)) AS DECIMAL(18, 2)) AS c  -- EUR
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
