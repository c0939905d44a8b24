-- Which two clicks are less than ten seconds apart?
SELECT
    user_id,  -- whose
    began,  -- began
    ended,  -- ended
    first_event  -- first event
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        A.event_time AS began,
        B.event_time AS ended,
        A.event_id AS first_event
    ONE ROW PER MATCH
    AFTER MATCH SKIP TO NEXT ROW
    PATTERN (A B) WITHIN INTERVAL '10' SECOND
    DEFINE
        A AS A.position IS NOT NULL,
        B AS B.position IS NOT NULL
)
