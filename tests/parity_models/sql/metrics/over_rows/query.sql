-- What is the sum of the last three places of each user?
SELECT
    event_time AS clicked_at,  -- when
    event_id AS click_event,  -- the click
    user_id,  -- who
    CAST(SUM(position) OVER (PARTITION BY user_id ORDER BY event_time ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS BIGINT) AS places  -- places up to here
FROM click
