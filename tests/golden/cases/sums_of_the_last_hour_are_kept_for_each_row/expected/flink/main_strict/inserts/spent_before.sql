-- How much has the visitor paid in the hour up to each order?
INSERT INTO `spent_before__sink` (
  `pk`,
  `sk`,
  `paid_at`,
  `event_id`,
  `spent`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`event_id`, '%', '%25'), '#', '%23') AS `sk`,
  DATE_FORMAT(`paid_at`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `paid_at`,
  `event_id` AS `event_id`,
  `spent` AS `spent`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `event_time` AS `paid_at`,
    `event_id`,
    CAST(SUM(`amount`) OVER (
      PARTITION BY `user_id`
      ORDER BY `event_time`
      RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW
    ) AS DECIMAL(18, 2)) AS `spent`,
    CAST(`event_time` AS TIMESTAMP(3)) AS `_window_start`,
    CAST(`event_time` AS TIMESTAMP(3)) AS `_window_end`,
    CAST(CAST(`event_time` AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM `purchase`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 3600, CAST(${replay_from} AS TIMESTAMP(3)))
