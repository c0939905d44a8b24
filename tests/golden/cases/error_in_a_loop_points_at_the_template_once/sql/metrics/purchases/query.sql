-- How many orders are paid each minute and each five minutes?
{% for label, size in [("1m", "'1' MINUTE"), ("5m", "'5' MINUTE")] %}
SELECT
    '{{ label }}' AS span,         -- length of the period
    window_start AS period_start,  -- start of the period
    curency,                       -- ISO 4217 code
    COUNT(*) AS purchases          -- paid orders
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL {{ size }}))
GROUP BY window_start, window_end, currency
{{ "UNION ALL" if not loop.last }}
{% endfor %}
