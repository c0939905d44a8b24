-- What was clicked in the ten minutes before each order?
INSERT INTO `clicks_before_purchases__sink` (
  `pk`,
  `sk`,
  `paid_at`,
  `event_id`,
  `click_id`,
  `element`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`event_id`, '%', '%25'), '#', '%23') || '#' || REPLACE(REPLACE(`click_id`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`paid_at`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `paid_at`,
  `event_id` AS `event_id`,
  `click_id` AS `click_id`,
  `element` AS `element`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `p`.`event_time` AS `paid_at`,
    `p`.`event_id`,
    `c`.`event_id` AS `click_id`,
    `c`.`element`,
    CAST(`p`.`event_time` AS TIMESTAMP(3)) AS `_window_start`,
    CAST(`p`.`event_time` AS TIMESTAMP(3)) AS `_window_end`,
    CAST(CAST(`p`.`event_time` AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM `purchase` AS `p`
  JOIN `click` AS `c`
    ON `p`.`user_id` = `c`.`user_id`
    AND `c`.`event_time` BETWEEN `p`.`event_time` - INTERVAL '10' MINUTE AND `p`.`event_time`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 600, CAST(${replay_from} AS TIMESTAMP(3)))
