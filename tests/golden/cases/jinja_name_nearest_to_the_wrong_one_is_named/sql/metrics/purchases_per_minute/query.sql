{% set size = 5 %}
-- How much?
SELECT
    window_start AS minute_start,  -- start
    COUNT(*) AS purchases  -- how many
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '{{ sise }}' MINUTE))
GROUP BY window_start, window_end
