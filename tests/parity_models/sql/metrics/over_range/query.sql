-- What is the sum of each user's places of the last minute?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event,  -- the click
    user_id,  -- who
    CAST(SUM(position) OVER (PARTITION BY user_id ORDER BY event_time RANGE BETWEEN INTERVAL '1' MINUTE PRECEDING AND CURRENT ROW) AS BIGINT) AS places  -- places up to here
FROM click
