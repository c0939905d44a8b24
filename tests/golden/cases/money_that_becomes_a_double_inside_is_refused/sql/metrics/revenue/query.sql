-- How much money is taken each minute?
SELECT
    window_start AS minute_start,                                    -- start
    CAST(SUM(CAST(amount AS DOUBLE)) AS DECIMAL(18, 2)) AS revenue  -- money
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
