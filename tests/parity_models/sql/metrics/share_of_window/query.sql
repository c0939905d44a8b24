-- What share of its minute's revenue is each order?
WITH totals AS (
    SELECT window_start, window_end, CAST(SUM(amount) AS DECIMAL(18, 2)) AS total
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end
),
orders AS (
    SELECT window_start, window_end, event_id, amount
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
)
SELECT
    o.window_start AS began,  -- begin
    o.event_id AS order_event,  -- the order
    CAST(o.amount / NULLIF(t.total, 0) AS DECIMAL(10, 6)) AS share  -- 0 to 1
FROM orders AS o
INNER JOIN totals AS t ON o.window_start = t.window_start AND o.window_end = t.window_end
