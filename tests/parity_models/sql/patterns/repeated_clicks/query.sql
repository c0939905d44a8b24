-- Who clicks the same three times or more?
SELECT
    user_id,  -- whose
    first_event,  -- first event
    began,  -- began
    ended,  -- ended
    clicks,  -- clicks
    places  -- places
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        FIRST(A.event_id) AS first_event,
        FIRST(A.event_time) AS began,
        LAST(A.event_time) AS ended,
        COUNT(A.event_id) AS clicks,
        SUM(A.position) AS places
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A{3,} B) WITHIN INTERVAL '1' MINUTE
    DEFINE
        A AS A.element = 'buy',
        B AS B.element <> 'buy'
)
