-- What did each user click first in an hour?
SELECT
    event_time AS clicked_at,  -- when
    user_id,  -- who
    element  -- what was clicked
FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time ASC) AS place
    FROM click
)
WHERE place = 1
