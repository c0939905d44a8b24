-- How much?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS orders  -- value
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE currency IN ('EUR', 5) AND amount BETWEEN '1' AND '10' AND amount LIKE '1%'
  AND currency NOT IN ('EUR', NULL)
GROUP BY window_start, window_end
