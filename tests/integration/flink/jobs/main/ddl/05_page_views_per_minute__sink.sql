CREATE TEMPORARY TABLE `page_views_per_minute__sink` (
  `pk` STRING, `sk` STRING, `minute_start` STRING, `category` STRING, `page_views` BIGINT,
  `_window_start` STRING, `_window_end` STRING, `_updated_at` STRING, `_watermark` STRING, `_ttl` BIGINT
) PARTITIONED BY (`pk`, `sk`) WITH (
  'connector' = 'dynamodb-rows',
  'table-name' = '${name_prefix}-page-views-per-minute',
  'aws.region' = '${aws_region}'${sink_options}
)
