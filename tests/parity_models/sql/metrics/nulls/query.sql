-- What does NULL become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    GREATEST(position, 5) AS greatest,  -- greatest
    LEAST(position, 5) AS least,  -- least
    IF(position > 3, 'far', 'near') AS far_or_near,  -- far or near
    COALESCE(position, 0) > 3 AS is_far,  -- is far
    position IS NULL AS is_missing,  -- is missing
    IFNULL(position, -1) AS filled,  -- filled
    position > 3 OR is_bot AS far_or_bot,  -- far or bot
    position > 3 AND is_bot AS far_and_bot,  -- far and bot
    NOT is_bot AS human,  -- human
    is_bot IS NOT FALSE AS bot_or_unknown,  -- bot or unknown
    is_bot IS UNKNOWN AS not_known,  -- not known
    CASE is_bot WHEN TRUE THEN 1 WHEN FALSE THEN 0 END AS as_number,  -- as number
    CASE WHEN position = 3 THEN 'three' END AS only_three  -- only three
FROM click
