-- Who buys twice?
SELECT
    T.user_id  -- who
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES A.amount AS first_amount
    PATTERN (A B)
    DEFINE A AS A.amount > 1
) AS T
