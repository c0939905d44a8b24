-- What did each visitor buy first?
INSERT INTO `first_purchases__sink` (
  `pk`,
  `sk`,
  `paid_at`,
  `user_id`,
  `amount`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`user_id`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`paid_at`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `paid_at`,
  `user_id` AS `user_id`,
  `amount` AS `amount`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `event_time` AS `paid_at`,
    `user_id`,
    `amount`,
    CAST(`event_time` AS TIMESTAMP(3)) AS `_window_start`,
    CAST(`event_time` AS TIMESTAMP(3)) AS `_window_end`,
    CAST(CAST(`event_time` AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM (
    SELECT
      `amount`,
      `currency`,
      `coupon`,
      `event_id`,
      `user_id`,
      `event_type`,
      `event_time`,
      `country`,
      COUNT(*) OVER (
        PARTITION BY `user_id`
        ORDER BY `event_time`
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS `nth`
    FROM `purchase`
  )
  WHERE
    `nth` = 1
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 86400, CAST(${replay_from} AS TIMESTAMP(3)))
