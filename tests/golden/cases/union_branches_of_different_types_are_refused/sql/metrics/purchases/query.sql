-- How many orders are paid each minute, and how much each five minutes?
SELECT
    '1m' AS span,                  -- length of the period
    window_start AS period_start,  -- start of the period
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
UNION ALL
SELECT
    '5m' AS span,
    window_start AS period_start,
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS purchases
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
