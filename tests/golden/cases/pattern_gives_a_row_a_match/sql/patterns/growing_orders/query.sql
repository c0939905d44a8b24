-- Who pays more and more within an hour?
SELECT
    user_id,     -- the visitor
    first_order, -- id of the first order
    started_at,  -- first order of the row
    orders,      -- orders before the large one
    amount       -- money paid with the last one
FROM purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        FIRST(A.event_id) AS first_order,
        FIRST(A.event_time) AS started_at,
        COUNT(A.event_id) AS orders,
        B.amount AS amount
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A{2,} B)
    WITHIN INTERVAL '1' HOUR
    DEFINE
        A AS LAST(A.amount, 1) IS NULL OR A.amount > LAST(A.amount, 1),
        B AS B.amount > 2 * LAST(A.amount)
) AS growth
