-- What had the visitor clicked last when paying?
INSERT INTO `purchases_with_click__sink` (
  `pk`,
  `sk`,
  `paid_at`,
  `event_id`,
  `element`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  `pk`,
  `sk`,
  `paid_at`,
  `event_id`,
  `element`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
FROM (
WITH `last_click` AS (
  SELECT
    `user_id`,
    `element`,
    `event_time`
  FROM (
    SELECT
      `element`,
      `position`,
      `event_id`,
      `user_id`,
      `event_type`,
      `event_time`,
      `country`,
      ROW_NUMBER() OVER (PARTITION BY `user_id` ORDER BY `event_time` DESC) AS `newest`
    FROM `click`
  )
  WHERE
    `newest` = 1
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`event_id`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`paid_at`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `paid_at`,
  `event_id` AS `event_id`,
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
    `c`.`element`,
    CAST(`p`.`event_time` AS TIMESTAMP(3)) AS `_window_start`,
    CAST(`p`.`event_time` AS TIMESTAMP(3)) AS `_window_end`,
    CAST(CAST(`p`.`event_time` AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM `purchase` AS `p`
  LEFT JOIN `last_click` FOR SYSTEM_TIME AS OF `p`.`event_time` AS `c`
    ON `p`.`user_id` = `c`.`user_id`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 86400, CAST(${replay_from} AS TIMESTAMP(3)))
) AS `rows`
