{% from "macros/windows.sql" import minutes %}
-- How many orders are paid each minute?
SELECT
    window_start AS minute_start,  -- start of the minute
    COUNT(*) AS purchases          -- paid orders
FROM {{ minutes("purchase", 1) }}
GROUP BY window_start, window_end
