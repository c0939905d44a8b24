-- How much?
SELECT
    window_start AS minute_start,  -- start
    UPPER(currency) AS code,  -- ISO 4217
    COUNT(*) AS purchases  -- how many
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
WHERE purchases > 5
GROUP BY window_start, window_end, code
