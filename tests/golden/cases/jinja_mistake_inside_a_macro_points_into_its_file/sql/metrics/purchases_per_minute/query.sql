{% from 'macros/money.sql' import money %}
-- How much?
SELECT
    window_start AS minute_start,  -- start
    {{ money('amount') }} AS revenue  -- EUR
FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end
