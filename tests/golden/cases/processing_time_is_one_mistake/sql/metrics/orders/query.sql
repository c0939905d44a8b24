-- Who pays?
SELECT
    user_id,              -- visitor
    PROCTIME() AS paid_at  -- when
FROM purchase
