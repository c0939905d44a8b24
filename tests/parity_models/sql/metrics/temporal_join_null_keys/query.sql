-- What did the buyer click last in the order's category, if it has one?
WITH last_clicks AS (
    SELECT user_id, category, element, event_time
    FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id, category ORDER BY event_time DESC) AS place FROM click)
    WHERE place = 1
)
SELECT
    p.event_time AS paid_at,  -- when it was paid
    p.event_id AS order_event,  -- the order
    c.element AS clicked,  -- the last click in its category
    c.event_time AS clicked_at  -- when that was
FROM purchase AS p
LEFT JOIN last_clicks FOR SYSTEM_TIME AS OF p.event_time AS c
    ON p.user_id = c.user_id AND p.category = c.category
