-- How many orders has the busiest minute of each hour?
INSERT INTO `busiest_minute__sink` (
  `pk`,
  `sk`,
  `hour_start`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  `pk`,
  `sk`,
  `hour_start`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
FROM (
WITH `purchases_per_minute__large` AS (
  SELECT
    `amount`,
    `currency`,
    `coupon`,
    `event_id`,
    `user_id`,
    `event_type`,
    `event_time`,
    `country`
  FROM `purchase`
  WHERE
    `amount` > 100
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `sk`,
  DATE_FORMAT(`hour_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `hour_start`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `window_start` AS `hour_start`,
    CAST(MAX(`purchases`) AS BIGINT) AS `purchases`,
    `window_start` AS `_window_start`,
    `window_end` AS `_window_end`,
    CAST(`window_end` AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM TABLE(TUMBLE((
    SELECT
      `window_start` AS `minute_start`,
      `window_time` AS `minute_time`,
      `currency`,
      COUNT(*) AS `purchases`
    FROM TABLE(TUMBLE(TABLE `purchases_per_minute__large`, DESCRIPTOR(`event_time`), INTERVAL '1' MINUTE))
    GROUP BY
      `window_start`,
      `window_end`,
      `window_time`,
      `currency`
  ), DESCRIPTOR(`minute_time`), INTERVAL '1' HOUR))
  GROUP BY
    `window_start`,
    `window_end`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 60, CAST(${replay_from} AS TIMESTAMP(3)))
) AS `rows`
