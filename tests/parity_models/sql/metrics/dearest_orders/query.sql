-- Which are the two dearest orders of each currency in an hour?
SELECT
    window_start AS began,  -- begin of the hour
    event_id AS order_event,  -- the order
    currency,  -- ISO code
    amount  -- money paid
FROM (
    SELECT
        window_start, window_end, event_id, currency, amount,
        ROW_NUMBER() OVER (PARTITION BY window_start, window_end, currency ORDER BY amount DESC, event_id) AS place
    FROM TABLE(TUMBLE(TABLE purchase, DESCRIPTOR(event_time), INTERVAL '1' HOUR))
)
WHERE place <= 2
