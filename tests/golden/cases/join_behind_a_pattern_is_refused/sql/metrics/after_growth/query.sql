-- What is clicked after an order that is larger than the one before?
WITH growth AS (
    SELECT * FROM purchase
    MATCH_RECOGNIZE (
        PARTITION BY user_id
        ORDER BY event_time
        MEASURES MATCH_ROWTIME(event_time) AS matched_at
        ONE ROW PER MATCH
        AFTER MATCH SKIP PAST LAST ROW
        PATTERN (A B) WITHIN INTERVAL '1' HOUR
        DEFINE B AS B.amount > A.amount
    )
)
SELECT
    c.event_time AS clicked_at,  -- when
    c.event_id                   -- the click
FROM click AS c
JOIN growth AS g
    ON g.user_id = c.user_id AND c.event_time BETWEEN g.matched_at AND g.matched_at + INTERVAL '1' HOUR
