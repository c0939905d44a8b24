-- What is clicked after an order that is larger than the one before?
SELECT
    c.event_time AS clicked_at,  -- when
    c.event_id,                  -- the click
    g.larger                     -- money paid
FROM click AS c
JOIN purchase
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES B.amount AS larger
    ONE ROW PER MATCH
    PATTERN (A B) WITHIN INTERVAL '1' HOUR
    DEFINE B AS B.amount > A.amount
) AS g ON g.user_id = c.user_id
