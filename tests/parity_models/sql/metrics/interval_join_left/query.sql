-- What was clicked, if anything, in the minute around each order?
SELECT
    p.event_time AS paid_at,  -- when it was paid
    p.event_id AS order_event,  -- the order
    c.event_id AS click_event,  -- the click
    c.element AS clicked,  -- what was clicked
    p.amount AS amount  -- money paid
FROM purchase AS p
LEFT JOIN click AS c
    ON p.user_id = c.user_id AND c.event_time BETWEEN p.event_time - INTERVAL '30' SECOND AND p.event_time + INTERVAL '30' SECOND
