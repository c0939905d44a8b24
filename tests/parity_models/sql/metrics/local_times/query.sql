-- What time is it where the user is?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    CONVERT_TZ(DATE_FORMAT(event_time, 'yyyy-MM-dd HH:mm:ss'), 'UTC', 'Europe/Berlin') AS local_time  -- local
FROM click
