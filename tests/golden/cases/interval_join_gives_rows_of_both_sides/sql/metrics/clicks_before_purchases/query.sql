-- What was clicked in the ten minutes before each order?
SELECT
    p.event_time AS paid_at,  -- when the order was paid
    p.event_id,               -- the order
    c.event_id AS click_id,   -- the click
    element                   -- what was clicked
FROM purchase AS p
JOIN click AS c
    ON p.user_id = c.user_id
    AND c.event_time BETWEEN p.event_time - INTERVAL '10' MINUTE AND p.event_time
