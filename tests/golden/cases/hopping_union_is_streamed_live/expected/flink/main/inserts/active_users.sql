-- How many different people were active in the last minute and five minutes?
INSERT INTO `active_users__sink` (
  `pk`,
  `sk`,
  `period`,
  `period_start`,
  `active_users`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || '1m' AS `sk`,
  `period` AS `period`,
  DATE_FORMAT(`period_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `period_start`,
  `active_users` AS `active_users`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    '1m' AS `period`,
    `window_start` AS `period_start`,
    COUNT(DISTINCT `user_id`) AS `active_users`,
    `window_start` AS `_window_start`,
    TIMESTAMPADD(SECOND, 60, `window_start`) AS `_window_end`,
    MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT
      `user_id`,
      `_watermark`,
      CAST(TO_TIMESTAMP_LTZ(
        (
          EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60)
        ) * 1000,
        3
      ) AS TIMESTAMP(3)) AS `window_start`
    FROM `events`
    WHERE
      `event_time` > `_arrival` - INTERVAL '2' HOUR
  ) AS `w`
  WHERE
    `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`
)
UNION ALL
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || '5m' AS `sk`,
  `period` AS `period`,
  DATE_FORMAT(`period_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `period_start`,
  `active_users` AS `active_users`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    '5m' AS `period`,
    `window_start` AS `period_start`,
    COUNT(DISTINCT `user_id`) AS `active_users`,
    `window_start` AS `_window_start`,
    TIMESTAMPADD(SECOND, 300, `window_start`) AS `_window_end`,
    MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT
      `t`.`user_id`,
      `t`.`_watermark`,
      CAST(TO_TIMESTAMP_LTZ(`s`.`_start` * 1000, 3) AS TIMESTAMP(3)) AS `window_start`
    FROM (
      SELECT
        `user_id`,
        `_watermark`,
        EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60) AS `_last`
      FROM `events`
      WHERE
        `event_time` > `_arrival` - INTERVAL '2' HOUR
    ) AS `t`
    CROSS JOIN UNNEST(ARRAY[`_last`, `_last` - 60, `_last` - 120, `_last` - 180, `_last` - 240]) AS `s`(`_start`)
  ) AS `w`
  WHERE
    `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY
    `window_start`
)
