-- How many?
SELECT
    window_start AS minute_start,  -- start
    n                              -- number
FROM b_counts
