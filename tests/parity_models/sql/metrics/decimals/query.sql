-- What do amounts become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    amount + 1 AS more,  -- more
    amount * 0.335 AS share,  -- share
    CAST(amount * 0.335 AS DECIMAL(18, 2)) AS share_rounded,  -- share rounded
    CAST(amount / 7 AS DECIMAL(18, 2)) AS seventh,  -- seventh
    ROUND(amount, 1) AS rounded,  -- rounded
    ROUND(0 - amount, 1) AS negative_rounded,  -- negative rounded
    FLOOR(amount) AS floored,  -- floored
    FLOOR(0 - amount) AS negative_floored,  -- negative floored
    CEIL(amount) AS ceiled,  -- ceiled
    TRUNCATE(amount, 1) AS truncated,  -- truncated
    amount / 3 AS third,  -- third
    CAST(amount AS STRING) AS as_text,  -- as text
    amount = CAST(amount AS BIGINT) AS is_whole,  -- is whole
    MOD(amount, 3) AS remainder  -- remainder
FROM purchase
