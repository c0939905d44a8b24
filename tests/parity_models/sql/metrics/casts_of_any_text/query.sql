-- What do casts make of any text?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    TRY_CAST(element AS INT) AS text_number,  -- text number
    TRY_CAST(element AS DOUBLE) AS text_double,  -- text double
    TRY_CAST(element AS DECIMAL(10, 2)) AS text_decimal  -- text decimal
FROM click
