-- How many orders without a coupon are paid each minute?
SELECT
    window_start AS minute_start,                                                            -- start of the minute
    CAST(SUM(CASE WHEN coupon IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS without_coupon        -- orders without one
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
