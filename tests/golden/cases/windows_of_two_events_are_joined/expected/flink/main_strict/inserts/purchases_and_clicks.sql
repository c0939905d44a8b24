-- How many clicks and orders has each minute?
INSERT INTO `purchases_and_clicks__sink` (
  `pk`,
  `sk`,
  `minute_start`,
  `purchases`,
  `clicks`,
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
  `purchases`,
  `clicks`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
FROM (
WITH `paid` AS (
  SELECT
    `window_start`,
    `window_end`,
    COUNT(*) AS `purchases`
  FROM TABLE(TUMBLE(TABLE `purchase`, DESCRIPTOR(`event_time`), INTERVAL '1' MINUTE))
  GROUP BY
    `window_start`,
    `window_end`
), `clicked` AS (
  SELECT
    `window_start`,
    `window_end`,
    COUNT(*) AS `clicks`
  FROM TABLE(TUMBLE(TABLE `click`, DESCRIPTOR(`event_time`), INTERVAL '1' MINUTE))
  GROUP BY
    `window_start`,
    `window_end`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `sk`,
  DATE_FORMAT(`minute_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `minute_start`,
  `purchases` AS `purchases`,
  `clicks` AS `clicks`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    COALESCE(`paid`.`window_start`, `clicked`.`window_start`) AS `minute_start`,
    COALESCE(`paid`.`purchases`, 0) AS `purchases`,
    COALESCE(`clicked`.`clicks`, 0) AS `clicks`,
    COALESCE(`paid`.`window_start`, `clicked`.`window_start`) AS `_window_start`,
    TIMESTAMPADD(SECOND, 60, COALESCE(`paid`.`window_start`, `clicked`.`window_start`)) AS `_window_end`,
    CAST(TIMESTAMPADD(SECOND, 60, COALESCE(`paid`.`window_start`, `clicked`.`window_start`)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM `paid`
  FULL JOIN `clicked`
    ON `paid`.`window_start` = `clicked`.`window_start`
    AND `paid`.`window_end` = `clicked`.`window_end`
)
WHERE `_window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
) AS `rows`
