-- Who pays more and more?
SELECT
    user_id,    -- visitor
    started_at  -- first payment
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES FIRST(A.event_time) AS started_at
    ONE ROW PER MATCH
    PATTERN (A B) WITHIN INTERVAL '1' HOUR
    DEFINE A AS A.amount > 10
        B AS B.amount > A.amount
)
