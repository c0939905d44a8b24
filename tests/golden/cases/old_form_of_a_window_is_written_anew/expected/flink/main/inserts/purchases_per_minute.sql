-- How many orders are paid each minute?
INSERT INTO `purchases_per_minute__sink` (
  `pk`,
  `sk`,
  `minute_start`,
  `currency`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`currency`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`minute_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `minute_start`,
  `currency` AS `currency`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT /*+ STATE_TTL('purchase' = '14400000 ms') */
    `window_start` AS `minute_start`,
    `currency`,
    COUNT(*) AS `purchases`,
    `window_start` AS `_window_start`,
    TIMESTAMPADD(SECOND, 60, `window_start`) AS `_window_end`,
    MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT
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
      `event_time` > `_arrival` - INTERVAL '2' HOUR
  ) AS `purchase`
  WHERE
    `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`,
    `currency`
)
