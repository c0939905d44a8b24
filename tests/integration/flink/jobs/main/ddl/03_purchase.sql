CREATE TEMPORARY VIEW `purchase` AS
SELECT `event_id`, `user_id`, `category`, `event_time`, `order_id`, `amount`, `currency`, `_arrival`, `_watermark`
FROM (
  SELECT *, ROW_NUMBER() OVER (PARTITION BY `event_id` ORDER BY PROCTIME()) AS `_copy`
  FROM `purchase__stream`
  WHERE `event_id` IS NOT NULL AND `event_time` IS NOT NULL AND `user_id` IS NOT NULL
    AND `order_id` IS NOT NULL AND `amount` IS NOT NULL AND `currency` IS NOT NULL
)
WHERE `_copy` = 1
