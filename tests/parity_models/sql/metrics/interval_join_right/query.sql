-- Which order follows each click within 45 seconds, if any?
SELECT
    c.event_time AS clicked_at,  -- when
    c.event_id AS click_event,  -- the click
    p.event_id AS order_event,  -- the order
    p.amount AS amount  -- money paid
FROM purchase AS p
RIGHT JOIN click AS c
    ON p.user_id = c.user_id AND p.event_time >= c.event_time AND p.event_time < c.event_time + INTERVAL '45' SECOND
