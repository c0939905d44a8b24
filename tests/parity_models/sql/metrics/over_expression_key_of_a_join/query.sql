-- How many clicks on the same thing led to orders, up to each order?
SELECT
    p.event_time AS paid_at,  -- when it was paid
    p.event_id AS order_event,  -- the order
    c.event_id AS click_event,  -- the click before it
    COUNT(*) OVER (PARTITION BY LOWER(c.element), p.user_id ORDER BY p.event_time RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS clicks  -- clicks up to here
FROM purchase AS p
INNER JOIN click AS c
    ON p.user_id = c.user_id AND c.event_time BETWEEN p.event_time - INTERVAL '30' SECOND AND p.event_time
