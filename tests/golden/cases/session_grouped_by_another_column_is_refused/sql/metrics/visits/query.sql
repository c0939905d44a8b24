-- How many orders has each visit?
SELECT
    window_start AS visit_start,  -- start
    user_id,                      -- the visitor
    currency,                     -- ISO 4217 code
    COUNT(*) AS purchases         -- orders
FROM TABLE(SESSION(TABLE purchase PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '30' MINUTE))
GROUP BY window_start, window_end, user_id, currency
