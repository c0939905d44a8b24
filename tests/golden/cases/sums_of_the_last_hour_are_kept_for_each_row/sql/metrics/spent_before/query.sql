-- How much has the visitor paid in the hour up to each order?
SELECT
    event_time AS paid_at,                              -- when the order was paid
    event_id,                                           -- the order
    CAST(SUM(amount) OVER hour_before AS DECIMAL(18, 2)) AS spent  -- money paid, this order included
FROM purchase
WINDOW hour_before AS (
    PARTITION BY user_id
    ORDER BY event_time
    RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW
)
