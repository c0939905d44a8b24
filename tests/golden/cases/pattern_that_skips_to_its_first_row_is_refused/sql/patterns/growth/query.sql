-- Who pays more than before?
SELECT
    user_id,   -- the visitor
    order_id,  -- the first order
    paid_at    -- when
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES A.event_id AS order_id, A.event_time AS paid_at
    ONE ROW PER MATCH
    AFTER MATCH SKIP TO FIRST A
    PATTERN (A B) WITHIN INTERVAL '1' HOUR
    DEFINE B AS B.amount > A.amount
)
