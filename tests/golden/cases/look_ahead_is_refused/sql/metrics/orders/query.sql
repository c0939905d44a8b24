-- How much more comes next?
SELECT
    event_id,    -- order
    event_time,  -- when
    LEAD(amount) OVER (PARTITION BY user_id ORDER BY event_time) AS next_amount  -- money
FROM purchase
