-- How much is paid each minute, by the channel that the buyer came through last?
WITH last_views AS (
    SELECT user_id, channel, event_time
    FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY user_id ORDER BY event_time DESC) AS place FROM page_view)
    WHERE place = 1
),
attributed AS (
    SELECT p.event_time, p.amount, v.channel
    FROM purchase AS p
    LEFT JOIN last_views FOR SYSTEM_TIME AS OF p.event_time AS v ON p.user_id = v.user_id
)
SELECT
    window_start AS began,  -- begin
    channel,  -- channel of the last page view
    COUNT(*) AS orders,  -- orders
    CAST(SUM(amount) AS DECIMAL(18, 2)) AS revenue  -- money paid
FROM TABLE(TUMBLE(TABLE attributed, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, channel
