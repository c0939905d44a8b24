-- How many clicks do the minutes of five minutes have?
SELECT
    window_start AS five_start,  -- begin
    element,  -- what was clicked
    CAST(SUM(clicks) AS BIGINT) AS clicks  -- clicks
FROM TABLE(TUMBLE(TABLE minutes_with_their_time, DESCRIPTOR(minute_time), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, element
