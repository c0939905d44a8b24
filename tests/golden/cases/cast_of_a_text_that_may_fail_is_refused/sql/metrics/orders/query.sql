-- How much?
SELECT
    window_start AS minute_start,  -- start of the minute
    CAST(MAX(CAST(coupon AS INT)) AS INT) AS best  -- value
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
