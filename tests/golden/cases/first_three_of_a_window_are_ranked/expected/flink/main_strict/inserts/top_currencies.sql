-- Which three currencies are paid in most each minute?
INSERT INTO `top_currencies__sink` (
  `pk`,
  `sk`,
  `minute_start`,
  `place`,
  `currency`,
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
  `minute_start`,
  `place`,
  `currency`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
FROM (
WITH `counted` AS (
  SELECT
    `window_start`,
    `window_end`,
    `currency`,
    COUNT(*) AS `purchases`
  FROM TABLE(TUMBLE(TABLE `purchase`, DESCRIPTOR(`event_time`), INTERVAL '1' MINUTE))
  GROUP BY
    `window_start`,
    `window_end`,
    `currency`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(CAST(`place` AS STRING), '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`minute_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `minute_start`,
  `place` AS `place`,
  `currency` AS `currency`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `window_start` AS `minute_start`,
    `place`,
    `currency`,
    `purchases`,
    `window_start` AS `_window_start`,
    `window_end` AS `_window_end`,
    CAST(`window_end` AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM (
    SELECT
      `window_start`,
      `window_end`,
      `currency`,
      `purchases`,
      ROW_NUMBER() OVER (PARTITION BY `window_start`, `window_end` ORDER BY `purchases` DESC, `currency`) AS `place`
    FROM `counted`
  )
  WHERE
    `place` <= 3
)
WHERE `_window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
) AS `rows`
