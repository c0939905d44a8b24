-- Who buys, with or without a look at the basket?
SELECT
    user_id,  -- whose
    first_event,  -- first event
    began,  -- began
    ended,  -- ended
    looked  -- looked
FROM click
MATCH_RECOGNIZE (
    PARTITION BY user_id
    ORDER BY event_time
    MEASURES
        A.event_id AS first_event,
        A.event_time AS began,
        C.event_time AS ended,
        B.event_id AS looked
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A B? C) WITHIN INTERVAL '1' MINUTE
    DEFINE
        A AS A.element = 'basket',
        B AS B.element = 'look',
        C AS C.element = 'buy'
)
