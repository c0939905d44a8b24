-- Whose clicks go down a list?
SELECT
    user_id,  -- whose
    first_event,  -- first event
    began,  -- began
    ended,  -- ended
    deepest  -- deepest
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        S.event_id AS first_event,
        S.event_time AS began,
        LAST(U.event_time) AS ended,
        LAST(U.position) AS deepest
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (S U+ D) WITHIN INTERVAL '1' MINUTE
    DEFINE
        U AS U.position > LAST(U.position, 1) OR (LAST(U.position, 1) IS NULL AND U.position > S.position),
        D AS D.position < LAST(U.position)
)
