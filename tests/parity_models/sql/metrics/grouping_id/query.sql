-- Orders by category and method, with totals?
SELECT
    window_start AS began,  -- begin
    category,  -- category
    payment_method,  -- method
    GROUPING_ID(category, payment_method) AS level,  -- level
    COUNT(*) AS orders  -- orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, CUBE (category, payment_method)
