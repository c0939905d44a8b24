-- How many clicks each minute lead to no order within half a minute?
WITH joined AS (
    SELECT c.event_time, c.element, p.event_id AS order_event
    FROM click AS c
    LEFT JOIN purchase AS p
        ON p.user_id = c.user_id AND p.event_time BETWEEN c.event_time AND c.event_time + INTERVAL '30' SECOND
)
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked
    COUNT(order_event) AS orders,  -- orders that followed
    COUNT(*) FILTER (WHERE order_event IS NULL) AS abandoned  -- clicks without one
FROM TABLE(TUMBLE(TABLE joined, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, element
