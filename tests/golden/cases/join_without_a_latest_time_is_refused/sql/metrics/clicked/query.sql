-- What was clicked after each order?
SELECT
    p.event_time AS paid_at,  -- when
    p.event_id,               -- the order
    c.event_id AS click_id    -- the click
FROM purchase AS p
JOIN click AS c ON p.user_id = c.user_id AND c.event_time >= p.event_time
