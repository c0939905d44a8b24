-- What do casts make?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    CAST(position AS STRING) AS number_text,  -- number text
    CAST(is_bot AS STRING) AS boolean_text,  -- boolean text
    CAST(position AS DOUBLE) AS number_double,  -- number double
    CAST(position AS DECIMAL(12, 3)) AS number_decimal,  -- number decimal
    CAST(CAST(position AS DECIMAL(12, 2)) * 0.015 AS INT) AS cut,  -- cut
    CAST(CAST(position AS DOUBLE) * 0.5 AS INT) AS double_cut,  -- double cut
    CAST(is_bot AS INT) AS boolean_number,  -- boolean number
    TRY_CAST(element AS BOOLEAN) AS text_boolean,  -- text boolean
    CAST(position AS BIGINT) * 100000 AS wide,  -- wide
    CAST(element AS VARCHAR(3)) AS short_text  -- short text
FROM click
