-- How many clicks do the busiest minutes of five minutes have?
WITH minutes AS (
    SELECT window_time AS minute_time, element, COUNT(*) AS clicks
    FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
    GROUP BY window_start, window_end, window_time, element
)
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked
    CAST(SUM(clicks) AS BIGINT) AS clicks,  -- all clicks
    CAST(MAX(clicks) AS BIGINT) AS most  -- clicks of the busiest minute
FROM TABLE(TUMBLE(TABLE minutes, DESCRIPTOR(minute_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, element
