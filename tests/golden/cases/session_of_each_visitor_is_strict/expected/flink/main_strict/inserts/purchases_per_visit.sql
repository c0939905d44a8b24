-- How many orders does each visit bring?
INSERT INTO `purchases_per_visit__sink` (
  `pk`,
  `sk`,
  `visit_start`,
  `visit_end`,
  `user_id`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(DATE_FORMAT(`visit_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''), '%', '%25'), '#', '%23') || '#' || REPLACE(REPLACE(`user_id`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`visit_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `visit_start`,
  DATE_FORMAT(`visit_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `visit_end`,
  `user_id` AS `user_id`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `window_start` AS `visit_start`,
    `window_end` AS `visit_end`,
    `user_id`,
    COUNT(*) AS `purchases`,
    `window_start` AS `_window_start`,
    `window_end` AS `_window_end`,
    CAST(`window_end` AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM TABLE(SESSION(TABLE `purchase` PARTITION BY `user_id`, DESCRIPTOR(`event_time`), INTERVAL '30' MINUTE))
  GROUP BY
    `window_start`,
    `window_end`,
    `user_id`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 1800, CAST(${replay_from} AS TIMESTAMP(3)))
