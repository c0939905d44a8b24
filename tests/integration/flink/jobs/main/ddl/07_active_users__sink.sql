CREATE TEMPORARY TABLE `active_users__sink` (
  `pk` STRING, `sk` STRING, `period` STRING, `period_start` STRING, `active_users` BIGINT,
  `_window_start` STRING, `_window_end` STRING, `_updated_at` STRING, `_watermark` STRING, `_ttl` BIGINT
) PARTITIONED BY (`pk`, `sk`) WITH (
  'connector' = 'dynamodb-rows',
  'table-name' = '${name_prefix}-active-users',
  'aws.region' = '${aws_region}'${sink_options}
)
