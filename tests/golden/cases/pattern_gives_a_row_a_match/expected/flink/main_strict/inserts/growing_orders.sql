-- Who pays more and more within an hour?
INSERT INTO `growing_orders__sink` (
  `pk`,
  `sk`,
  `user_id`,
  `first_order`,
  `started_at`,
  `orders`,
  `amount`,
  `_window_start`,
  `_window_end`,
  `_updated_at`,
  `_watermark`,
  `_ttl`
)
SELECT
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH') AS `pk`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') || '#' || REPLACE(REPLACE(`user_id`, '%', '%25'), '#', '%23') || '#' || REPLACE(REPLACE(`first_order`, '%', '%25'), '#', '%23') AS `sk`,
  `user_id` AS `user_id`,
  `first_order` AS `first_order`,
  DATE_FORMAT(`started_at`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `started_at`,
  `orders` AS `orders`,
  `amount` AS `amount`,
  DATE_FORMAT(`_window_start`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_start`,
  DATE_FORMAT(`_window_end`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_window_end`,
  DATE_FORMAT(CURRENT_TIMESTAMP, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_updated_at`,
  DATE_FORMAT(`_watermark`, 'yyyy-MM-dd''T''HH:mm:ss.SSS''Z''') AS `_watermark`,
  EXTRACT(EPOCH FROM `_window_end`) + 604800 AS `_ttl`
FROM (
  SELECT
    `user_id`,
    `first_order`,
    `started_at`,
    `orders`,
    `amount`,
    CAST(`started_at` AS TIMESTAMP(3)) AS `_window_start`,
    CAST(`started_at` AS TIMESTAMP(3)) AS `_window_end`,
    CAST(CAST(`started_at` AS TIMESTAMP(3)) AS TIMESTAMP_LTZ(3)) AS `_watermark`
  FROM `purchase`
  MATCH_RECOGNIZE (
    PARTITION BY `user_id`
    ORDER BY `event_time`
    MEASURES
      FIRST(`A`.`event_id`) AS `first_order`,
      FIRST(`A`.`event_time`) AS `started_at`,
      COUNT(`A`.`event_id`) AS `orders`,
      `B`.`amount` AS `amount`
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (A{2,} B)
    WITHIN INTERVAL '1' HOUR
    DEFINE
      `A` AS LAST(`A`.`amount`, 1) IS NULL OR `A`.`amount` > LAST(`A`.`amount`, 1),
      `B` AS `B`.`amount` > 2 * LAST(`A`.`amount`)
  ) `growth`
)
WHERE `_window_start` >= TIMESTAMPADD(SECOND, 3600, CAST(${replay_from} AS TIMESTAMP(3)))
