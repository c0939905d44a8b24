-- How many orders were in which state at the end of two minutes?
WITH lasts AS (
    SELECT window_start, window_end, order_id, payment_status
    FROM (
        SELECT
            window_start, window_end, order_id, payment_status,
            ROW_NUMBER() OVER (PARTITION BY window_start, window_end, order_id ORDER BY event_time DESC) AS place
        FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '2' MINUTE))
    )
    WHERE place = 1
)
SELECT
    window_start AS began,  -- begin
    payment_status,  -- the last that was said
    COUNT(*) AS orders  -- orders
FROM lasts
GROUP BY window_start, window_end, payment_status
