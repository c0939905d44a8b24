-- How much money does the shop take each minute, by currency and coupon?
INSERT INTO `revenue_per_minute__sink` (
  `pk`,
  `sk`,
  `minute_start`,
  `currency`,
  `coupon`,
  `revenue`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`currency`, '%', '%25'), '#', '%23') || '#' || COALESCE(REPLACE(REPLACE(`coupon`, '%', '%25'), '#', '%23'), '%N') AS `sk`,
  DATE_FORMAT(`minute_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `minute_start`,
  `currency` AS `currency`,
  `coupon` AS `coupon`,
  `revenue` AS `revenue`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 86400 AS `_ttl`
FROM (
  SELECT /*+ STATE_TTL('w' = '18000000 ms') */
    `window_start` AS `minute_start`,
    `currency`,
    `coupon`,
    CAST(SUM(`amount`) AS DECIMAL(18, 2)) AS `revenue`,
    COUNT(*) AS `purchases`,
    `window_start` AS `_window_start`,
    TIMESTAMPADD(SECOND, 60, `window_start`) AS `_window_end`,
    MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT
      `amount`,
      `coupon`,
      `currency`,
      `_watermark`,
      CAST(TO_TIMESTAMP_LTZ(
        (
          EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60)
        ) * 1000,
        3
      ) AS TIMESTAMP(3)) AS `window_start`
    FROM `purchase`
    WHERE
      `event_time` > `_arrival` - INTERVAL '3' HOUR
  ) AS `w`
  WHERE
    `amount` > 0 AND `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`,
    `currency`,
    `coupon`
)
