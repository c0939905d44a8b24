{% from "macros/windows.sql" import minutes %}
-- How often is each element clicked each minute,
-- and by how many people?
SELECT
    window_start AS minute_start,                                         -- start of the minute
    element,                                                              -- what was clicked
    COUNT(*) FILTER (WHERE position < 3) AS top_clicks,                   -- clicks on the
                                                                          -- first three places
    COUNT(DISTINCT CASE WHEN `position` >= 3 THEN user_id END) AS others  -- people below them
FROM {{ minutes("click", 1) }}
GROUP BY window_start, window_end, element
