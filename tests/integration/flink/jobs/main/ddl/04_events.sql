CREATE TEMPORARY VIEW `events` AS
SELECT `event_id`, `user_id`, `category`, `event_time`, `_arrival`, `_watermark` FROM `page_view`
UNION ALL
SELECT `event_id`, `user_id`, `category`, `event_time`, `_arrival`, `_watermark` FROM `purchase`
