-- What do casts make of texts in the usual forms?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    TRY_CAST(CASE WHEN element IN ('12', '-7', '+3', ' 5 ', '007', '99999999999', 'buy', '') THEN element END AS INT) AS text_number,  -- text number
    TRY_CAST(CASE WHEN element IN ('12', '-7.25', '1e3', ' 5 ', '.5', 'buy', '') THEN element END AS DOUBLE) AS text_double,  -- text double
    TRY_CAST(CASE WHEN element IN ('12', '-7.255', '0.005', ' 5 ', '99999999999', 'buy', '') THEN element END AS DECIMAL(10, 2)) AS text_decimal,  -- text decimal
    TRY_CAST(CASE WHEN element IN ('2028-02-29', '2026-03-29', 'buy', '') THEN element END AS DATE) AS text_date  -- text date
FROM click
