CREATE TEMPORARY TABLE `strict__sink` (
  `pk` STRING, `sk` STRING, `page_views` BIGINT
) PARTITIONED BY (`pk`, `sk`) WITH (
  'connector' = 'dynamodb-rows',
  'table-name' = '${name_prefix}-backlog-strict',
  'aws.region' = '${aws_region}'${sink_options}
)
