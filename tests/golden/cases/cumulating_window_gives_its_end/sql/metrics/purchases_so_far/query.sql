-- How many orders were paid since the hour began?
SELECT
    window_start AS hour_start,  -- start of the hour
    window_end AS counted_to,    -- counted up to here
    COUNT(*) AS purchases        -- paid orders
FROM TABLE(CUMULATE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL '1' HOUR))
GROUP BY window_start, window_end
