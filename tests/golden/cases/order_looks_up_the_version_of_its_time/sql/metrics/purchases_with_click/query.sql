-- What had the visitor clicked last when paying?
WITH last_click AS (
    SELECT user_id, element, event_time
    FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time DESC) AS newest FROM click)
    WHERE newest = 1
)
SELECT
    p.event_time AS paid_at,  -- when the order was paid
    p.event_id,               -- the order
    c.element                 -- what was clicked last; empty for nothing
FROM purchase AS p
LEFT JOIN last_click FOR SYSTEM_TIME AS OF p.event_time AS c ON p.user_id = c.user_id
