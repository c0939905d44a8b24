-- Which clicks lead to no order?
SELECT
    c.event_time AS clicked_at,  -- when
    c.event_id AS click_event  -- the click
FROM click AS c
LEFT JOIN purchase AS p
    ON p.user_id = c.user_id AND p.event_time BETWEEN c.event_time AND c.event_time + INTERVAL '1' MINUTE
WHERE p.event_id IS NULL
