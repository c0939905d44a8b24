-- What do whole numbers become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    position + 1 AS more,  -- more
    position - 7 AS less,  -- less
    position * 3 AS thrice,  -- thrice
    position / 7 AS sevenths,  -- sevenths
    (0 - position) / 7 AS negative_sevenths,  -- negative sevenths
    MOD(position, 7) AS remainder,  -- remainder
    MOD(0 - position, 7) AS negative_remainder,  -- negative remainder
    ABS(position - 100) AS distance,  -- distance
    SIGN(position - 3) AS sign_of,  -- sign of
    CAST(position AS DECIMAL(12, 2)) / 7 AS decimal_sevenths,  -- decimal sevenths
    CAST(position AS DOUBLE) / 7 AS double_sevenths,  -- double sevenths
    CAST(position AS DOUBLE) * 1e-3 AS thousandths,  -- thousandths
    POWER(CAST(position AS DOUBLE), 2) AS square,  -- square
    COALESCE(position, -1) AS filled,  -- filled
    NULLIF(position, 3) AS without_three  -- without three
FROM click
