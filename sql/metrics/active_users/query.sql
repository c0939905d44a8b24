-- How many different people were active in the last minute, five minutes and hour?
{% for label, size, step in [("1m", "'1' MINUTE", "'1' MINUTE"),
                             ("5m", "'5' MINUTE", "'1' MINUTE"),
                             ("1h", "'1' HOUR", "'5' MINUTE")] %}
SELECT
    '{{ label }}' AS period,                 -- length of the period: 1m, 5m or 1h
    window_start AS period_start,            -- start of the period
    COUNT(DISTINCT user_id) AS active_users  -- different users with at least one event
FROM TABLE(HOP(TABLE events, DESCRIPTOR(event_time), INTERVAL {{ step }}, INTERVAL {{ size }}))
GROUP BY window_start, window_end
{{ "UNION ALL" if not loop.last }}
{% endfor %}
