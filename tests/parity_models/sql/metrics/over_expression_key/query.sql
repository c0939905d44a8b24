-- How often was the same thing clicked by the user in the hour up to each click?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event,  -- the click
    COUNT(*) OVER (PARTITION BY LOWER(element), user_id ORDER BY event_time RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) AS clicks  -- clicks up to here
FROM click
WHERE position IS NOT NULL AND position >= 0
