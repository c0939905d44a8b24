-- What do functions of single letters make of any text?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    LPAD(query, 5, '*') AS padded_left,  -- padded left
    RPAD(query, 5, '*') AS padded_right,  -- padded right
    ASCII(query) AS ascii_of  -- ascii of
FROM search
