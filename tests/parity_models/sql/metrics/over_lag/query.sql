-- What did each user click before?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event,  -- the click
    LAG(element) OVER (PARTITION BY user_id ORDER BY event_time) AS before_it  -- the click before
FROM click
