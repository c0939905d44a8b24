-- What does each user click last, each minute?
SELECT
    window_start AS began,  -- begin
    user_id,  -- who
    element  -- what was clicked last
FROM (
    SELECT
        window_start, window_end, user_id, element,
        ROW_NUMBER() OVER (PARTITION BY window_start, window_end, user_id ORDER BY event_time DESC) AS place
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
)
WHERE place = 1
