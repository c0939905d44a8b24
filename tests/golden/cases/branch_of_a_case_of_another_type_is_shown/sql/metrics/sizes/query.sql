-- How large are orders?
SELECT
    window_start AS minute_start,  -- start of the minute
    CAST(MAX(CASE WHEN amount > 50 THEN 'large' WHEN amount > 10 THEN 2 ELSE 'small' END) AS STRING) AS size,  -- size
    CAST(MAX(IF(amount > 10, 'many', 1)) AS STRING) AS many,  -- many
    COUNT(DISTINCT user_id, amount) AS pairs  -- pairs
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
