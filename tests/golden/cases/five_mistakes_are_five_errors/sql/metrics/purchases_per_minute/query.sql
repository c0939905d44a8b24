-- How much?
SELECT
    window_start AS minute,  -- start
    currncy,  -- ISO 4217
    COUNT(*) AS n,
    COUNT(*) AS n  -- how many
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start
