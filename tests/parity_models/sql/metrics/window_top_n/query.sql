-- Which two elements are clicked most, each minute?
SELECT
    window_start AS began,  -- begin
    element,  -- what was clicked
    clicks,  -- clicks
    place  -- 1 is the most clicked
FROM (
    SELECT
        window_start, window_end, element, clicks,
        ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY clicks DESC, element) AS place
    FROM (
        SELECT window_start, window_end, element, COUNT(*) AS clicks
        FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
        GROUP BY window_start, window_end, element
    )
)
WHERE place <= 2
