-- How many orders were paid since the hour began?
INSERT INTO `purchases_so_far__sink` (
  `pk`,
  `sk`,
  `hour_start`,
  `counted_to`,
  `purchases`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(DATE_FORMAT(`counted_to`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''), '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`hour_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `hour_start`,
  DATE_FORMAT(`counted_to`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `counted_to`,
  `purchases` AS `purchases`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `window_start` AS `hour_start`,
    `window_end` AS `counted_to`,
    COUNT(*) AS `purchases`,
    `window_start` AS `_window_start`,
    `window_end` AS `_window_end`,
    CAST(`window_end` AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM TABLE(CUMULATE(TABLE `purchase`, DESCRIPTOR(`event_time`), INTERVAL '1' MINUTE, INTERVAL '1' HOUR))
  WHERE
    `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`,
    `window_end`
)
