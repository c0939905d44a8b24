-- How many orders does each visit bring?
SELECT
    window_start AS visit_start,  -- start of the visit
    window_end AS visit_end,      -- 30 minutes after its last order
    user_id,                      -- the visitor
    COUNT(*) AS purchases         -- paid orders
FROM TABLE(SESSION(TABLE purchase PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, user_id
