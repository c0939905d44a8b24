-- Who pays more than before, again and again?
SELECT
    user_id,   -- the visitor
    order_id,  -- the last order
    paid_at    -- when
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES C.event_id AS order_id, C.event_time AS paid_at
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN ((A B)+ C) WITHIN INTERVAL '1' HOUR
    DEFINE B AS B.amount > A.amount
)
