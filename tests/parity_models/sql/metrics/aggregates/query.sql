-- What do aggregates make of a minute?
SELECT
    window_start AS began,  -- begin
    CAST(AVG(position) AS INT) AS average,  -- whole
    CAST(AVG(CAST(position AS DECIMAL(12, 2))) AS DECIMAL(18, 6)) AS exact_average,  -- average
    CAST(AVG(CAST(position AS DOUBLE)) AS DOUBLE) AS double_average,  -- average
    CAST(SUM(position) / 2 AS BIGINT) AS half,  -- whole
    CAST(MIN(position) AS INT) AS least,  -- lowest
    CAST(MAX(position) AS INT) AS most,  -- highest
    COUNT(*) FILTER (WHERE position > 3) AS far,  -- clicks
    CAST(SUM(position) FILTER (WHERE element = 'b') AS BIGINT) AS places_of_b,  -- sum
    COUNT(DISTINCT element) AS elements,  -- different elements
    COUNT(DISTINCT element) FILTER (WHERE position > 3) AS far_elements,  -- different elements
    CAST(SUM(DISTINCT position) AS BIGINT) AS different_places,  -- sum
    CAST(MIN(element) AS STRING) AS first_name,  -- by letters
    CAST(MAX(element) AS STRING) AS last_name,  -- by letters
    CAST(MAX(event_time) AS TIMESTAMP_LTZ(3)) AS latest,  -- time
    CAST(STDDEV_POP(CAST(position AS DOUBLE)) AS DOUBLE) AS spread  -- deviation
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
