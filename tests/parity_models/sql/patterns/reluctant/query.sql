-- Who ends with a purchase as soon as possible?
SELECT
    user_id,  -- whose
    first_event,  -- first event
    began,  -- began
    ended,  -- ended
    steps  -- steps
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        FIRST(A.event_id) AS first_event,
        FIRST(A.event_time) AS began,
        B.event_time AS ended,
        COUNT(A.event_id) AS steps
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A+? B) WITHIN INTERVAL '1' MINUTE
    DEFINE
        A AS A.position >= 0,
        B AS B.element = 'buy'
)
