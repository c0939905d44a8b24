-- Who pays more than before?
SELECT
    user_id,    -- the visitor
    order_id,   -- the order
    paid_at     -- when
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES A.event_id AS order_id, B.event_time AS paid_at
    ONE ROW PER MATCH
    PATTERN (A B+)
    WITHIN INTERVAL '1' HOUR
    DEFINE B AS B.amount > PREV(B.amount)
) AS growth
