INSERT INTO `strict__sink` (`pk`, `sk`, `page_views`)
SELECT
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH'),
  DATE_FORMAT(`window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z'''),
  COUNT(*)
FROM TABLE(TUMBLE(TABLE `page_view`, DESCRIPTOR(`event_time`), INTERVAL '5' SECOND))
GROUP BY `window_start`, `window_end`
