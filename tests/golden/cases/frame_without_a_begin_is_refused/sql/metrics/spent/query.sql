-- How much has each visitor paid so far?
SELECT
    event_time AS paid_at,                                                                        -- when
    event_id,                                                                                     -- the order
    CAST(SUM(amount) OVER (PARTITION BY user_id ORDER BY event_time) AS DECIMAL(18, 2)) AS spent  -- money
FROM purchase
