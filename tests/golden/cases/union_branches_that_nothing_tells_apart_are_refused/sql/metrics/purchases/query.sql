-- How many orders are paid each minute and each five minutes?
SELECT
    window_start AS period_start,  -- start of the period
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
UNION ALL
SELECT
    window_start AS period_start,
    COUNT(*) AS purchases
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
