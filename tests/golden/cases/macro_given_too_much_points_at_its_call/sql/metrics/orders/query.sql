{% from 'macros/windows.sql' import per_minute %}
-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM {{ per_minute('purchase', 5) }}
GROUP BY window_start, window_end
