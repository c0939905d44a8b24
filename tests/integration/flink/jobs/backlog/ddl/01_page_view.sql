CREATE TEMPORARY VIEW `page_view` AS
SELECT `event_id`, `user_id`, `category`, `event_time`, `page_type`, `load_time_ms`, `_arrival`, `_watermark`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `event_id` ORDER BY PROCTIME()) AS `_copy`
  FROM `page_view__stream`
  WHERE `event_id` IS NOT NULL AND `event_time` IS NOT NULL AND `user_id` IS NOT NULL
)
WHERE `_copy` = 1
