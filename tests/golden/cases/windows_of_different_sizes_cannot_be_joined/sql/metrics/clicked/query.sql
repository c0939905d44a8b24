-- What was clicked beside each order?
SELECT
    p.window_start AS minute_start,  -- start
    p.event_id,                      -- the order
    c.event_id AS click_id           -- the click
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE)) AS p
JOIN TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '2' MINUTE)) AS c
    ON p.window_start = c.window_start AND p.window_end = c.window_end
