INSERT INTO `revenue_per_minute__sink` (`pk`, `sk`, `minute_start`, `currency`, `revenue`, `purchases`,
  `_window_start`, `_window_end`, `_updated_at`, `_watermark`, `_ttl`)
SELECT
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH'),
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#'
    || COALESCE(REPLACE(REPLACE(`currency`, '%', '%25'), '#', '%23'), '%N'),
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''), `currency`, `revenue`, `purchases`,
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(TIMESTAMPADD(SECOND, 60, `window_start`), 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  EXTRACT(EPOCH FROM `window_start`) + 60 + 604800
FROM (
  SELECT /*+ STATE_TTL('w' = '14400000 ms') */
    `window_start`, `currency`, CAST(SUM(`amount`) AS DECIMAL(18, 2)) AS `revenue`, COUNT(*) AS `purchases`, MAX(`_watermark`) AS `_watermark`
  FROM (
    SELECT *, CAST(TO_TIMESTAMP_LTZ((EXTRACT(EPOCH FROM `event_time`)
      - MOD(EXTRACT(EPOCH FROM `event_time`), 60)) * 1000, 3) AS TIMESTAMP(3)) AS `window_start`
    FROM `purchase`
    WHERE `event_time` > `_arrival` - INTERVAL '2' HOUR
  ) AS `w`
  WHERE `window_start` >= CAST(${replay_from} AS TIMESTAMP(3))
  GROUP BY `window_start`, `currency`
)
