INSERT INTO `active_users__sink` (`pk`, `sk`, `period`, `period_start`, `active_users`,
  `_window_start`, `_window_end`, `_updated_at`, `_watermark`, `_ttl`)
SELECT
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH'),
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || '1m',
  '1m', DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''), `active_users`,
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(TIMESTAMPADD(SECOND, 60, `window_start`), 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  EXTRACT(EPOCH FROM `window_start`) + 60 + 604800
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    `window_start`, COUNT(DISTINCT `user_id`) AS `active_users`, MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT `t`.*, CAST(TO_TIMESTAMP_LTZ(`s`.`_start` * 1000, 3) AS TIMESTAMP(3)) AS `window_start`
    FROM (
      SELECT *, EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60) AS `_last`
      FROM `events`
      WHERE `event_time` > `_arrival` - INTERVAL '2' HOUR
    ) AS `t`
    CROSS JOIN UNNEST(ARRAY[`_last`]) AS `s`(`_start`)
  ) AS `w`
  WHERE `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY `window_start`
)
UNION ALL
SELECT
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH'),
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || '5m',
  '5m', DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''), `active_users`,
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(TIMESTAMPADD(SECOND, 300, `window_start`), 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  EXTRACT(EPOCH FROM `window_start`) + 300 + 604800
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    `window_start`, COUNT(DISTINCT `user_id`) AS `active_users`, MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT `t`.*, CAST(TO_TIMESTAMP_LTZ(`s`.`_start` * 1000, 3) AS TIMESTAMP(3)) AS `window_start`
    FROM (
      SELECT *, EXTRACT(EPOCH FROM `event_time`) - MOD(EXTRACT(EPOCH FROM `event_time`), 60) AS `_last`
      FROM `events`
      WHERE `event_time` > `_arrival` - INTERVAL '2' HOUR
    ) AS `t`
    CROSS JOIN UNNEST(ARRAY[`_last`, `_last` - 60, `_last` - 120, `_last` - 180, `_last` - 240]) AS `s`(`_start`)
  ) AS `w`
  WHERE `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY `window_start`
)
