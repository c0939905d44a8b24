-- Who clicks a basket and then buys within a minute?
SELECT
    user_id,  -- whose
    first_event,  -- first event
    began,  -- began
    ended,  -- ended
    place  -- place
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        A.event_id AS first_event,
        A.event_time AS began,
        B.event_time AS ended,
        B.position AS place
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A B) WITHIN INTERVAL '1' MINUTE
    DEFINE
        A AS A.element = 'basket',
        B AS B.element = 'buy'
)
