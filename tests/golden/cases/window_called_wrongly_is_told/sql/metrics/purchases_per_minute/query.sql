SELECT window_start, window_end, CAST(COUNT(*) AS BIGINT) AS purchases
FROM TABLE(HOP(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
UNION ALL
SELECT window_start, window_end, CAST(COUNT(*) AS BIGINT) AS purchases
FROM TABLE(TUMBLE(TABLE purchase, event_time, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
UNION ALL
SELECT window_start, window_end, CAST(COUNT(*) AS BIGINT) AS purchases
FROM TABLE(TUMBLE(purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
