-- How many orders in the last minute and five minutes?
SELECT
    '1m' AS period,  -- length of the period: 1m or 5m
    window_start AS began,  -- begin
    COUNT(*) AS orders  -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
UNION ALL
SELECT
    '5m' AS period,
    window_start AS began,
    COUNT(*) AS orders
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
