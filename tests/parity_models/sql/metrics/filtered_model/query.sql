-- Which minutes have many clicks?
SELECT
    began AS minute_start,  -- begin
    element,  -- what was clicked
    clicks  -- clicks
FROM tumble_strict
WHERE clicks > 1
