-- How many orders are paid each minute, by currency?
{% set dimension = "curency" %}
SELECT
    window_start AS minute_start, {{ dimension }} AS code,  -- ISO 4217 code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, currency
