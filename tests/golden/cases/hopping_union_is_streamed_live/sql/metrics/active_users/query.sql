-- How many different people were active in the last minute and five minutes?
{% for label, size in [("1m", "'1' MINUTE"), ("5m", "'5' MINUTE")] %}
SELECT
    '{{ label }}' AS period,                 -- length of the period
    window_start AS period_start,            -- start of the period
    COUNT(DISTINCT user_id) AS active_users  -- different users
FROM TABLE(HOP(TABLE events, DESCRIPTOR(event_time), INTERVAL '1' MINUTE, INTERVAL {{ size }}))
GROUP BY window_start, window_end
{{ "UNION ALL" if not loop.last }}
{% endfor %}
