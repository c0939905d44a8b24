-- How many?
SELECT
    minute_start AS began,  -- start
    n  -- how many
FROM counts
