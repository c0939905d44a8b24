-- What do times become?
SELECT
    event_time AS happened_at,  -- when
    event_id AS event,  -- the event
    DATE_FORMAT(event_time, 'yyyy-MM-dd HH:mm:ss.SSS') AS as_text,  -- as text
    DATE_FORMAT(event_time, 'yyyyMMdd') AS day_text,  -- day text
    EXTRACT(YEAR FROM event_time) AS year_of,  -- year of
    EXTRACT(MONTH FROM event_time) AS month_of,  -- month of
    EXTRACT(DAY FROM event_time) AS day_of,  -- day of
    EXTRACT(HOUR FROM event_time) AS hour_of,  -- hour of
    EXTRACT(MINUTE FROM event_time) AS minute_of,  -- minute of
    EXTRACT(SECOND FROM event_time) AS second_of,  -- second of
    EXTRACT(QUARTER FROM event_time) AS quarter_of,  -- quarter of
    EXTRACT(WEEK FROM event_time) AS week_of,  -- week of
    EXTRACT(DOY FROM event_time) AS day_of_year,  -- day of year
    EXTRACT(DOW FROM event_time) AS day_of_week,  -- day of week
    CAST(event_time AS DATE) AS date_of,  -- date of
    FLOOR(event_time TO HOUR) AS hour_begin,  -- hour begin
    FLOOR(event_time TO DAY) AS day_begin,  -- day begin
    FLOOR(event_time TO MONTH) AS month_begin,  -- month begin
    CEIL(event_time TO HOUR) AS hour_ceiling,  -- hour ceiling
    event_time + INTERVAL '1' DAY AS tomorrow,  -- tomorrow
    event_time - INTERVAL '90' MINUTE AS ninety_before,  -- ninety before
    TIMESTAMPADD(MONTH, 1, CAST(event_time AS TIMESTAMP(3))) AS month_later,  -- month later
    TIMESTAMPDIFF(SECOND, event_time, ingest_time) AS seconds_until,  -- seconds until
    TIMESTAMPDIFF(DAY, event_time, ingest_time) AS days_until,  -- days until
    TO_TIMESTAMP('2026-03-29 01:30:00') AS constant_time,  -- constant time
    CAST(event_time AS STRING) AS cast_text,  -- cast text
    DAYOFWEEK(CAST(event_time AS DATE)) AS weekday  -- weekday
FROM click
