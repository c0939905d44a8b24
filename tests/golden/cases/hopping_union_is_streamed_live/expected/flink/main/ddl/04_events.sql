CREATE TEMPORARY VIEW `events` AS
SELECT
  `event_id`,
  `user_id`,
  `event_type`,
  `event_time`,
  `country`,
  `_arrival`,
  `_watermark`
FROM `click`
UNION ALL
SELECT
  `event_id`,
  `user_id`,
  `event_type`,
  `event_time`,
  `country`,
  `_arrival`,
  `_watermark`
FROM `purchase`
