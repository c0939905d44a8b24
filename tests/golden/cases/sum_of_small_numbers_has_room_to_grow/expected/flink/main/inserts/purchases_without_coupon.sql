-- How many orders without a coupon are paid each minute?
INSERT INTO `purchases_without_coupon__sink` (
  `pk`,
  `sk`,
  `minute_start`,
  `without_coupon`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `sk`,
  DATE_FORMAT(`minute_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `minute_start`,
  `without_coupon` AS `without_coupon`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    `window_start` AS `minute_start`,
    CAST(SUM(CAST(CASE WHEN `coupon` IS NULL THEN 1 ELSE 0 END AS BIGINT)) AS BIGINT) AS `without_coupon`,
    `window_start` AS `_window_start`,
    TIMESTAMPADD(SECOND, 60, `window_start`) AS `_window_end`,
    MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT
      `coupon`,
      `_watermark`,
      CAST(TO_TIMESTAMP_LTZ(
        (
          EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60)
        ) * 1000,
        3
      ) AS TIMESTAMP(3)) AS `window_start`
    FROM `purchase`
    WHERE
      `event_time` > `_arrival` - INTERVAL '2' HOUR
  ) AS `w`
  WHERE
    `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`
)
