-- How many visits end in each five minutes, and how long is the longest?
WITH visits AS (
    SELECT window_time AS ended_at, user_id, COUNT(*) AS clicks
    FROM TABLE(SESSION(TABLE click PARTITION BY user_id, DESCRIPTOR(event_time), INTERVAL '20' SECOND))
    GROUP BY window_start, window_end, window_time, user_id
)
SELECT
    window_start AS began,  -- begin
    COUNT(*) AS visits,  -- visits
    CAST(AVG(CAST(clicks AS DECIMAL(10, 2))) AS DECIMAL(10, 2)) AS mean_clicks,  -- clicks of a visit
    CAST(MAX(clicks) AS BIGINT) AS most_clicks  -- clicks of the longest
FROM TABLE(TUMBLE(TABLE visits, DESCRIPTOR(ended_at), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end
